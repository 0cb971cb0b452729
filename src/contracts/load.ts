import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { Contract } from './contract.ts';
import type { DocumentCache } from './document-cache.ts';
import { badContracts, type ContractProblem } from './problems.ts';
import { type CustomTool, definitionOf, type Place, placeText } from './tool.ts';

export interface LoadOptions {
  /** What file names are relative to. */
  cwd: string;
  /** Where files that were found right are remembered, so that they need not be checked again. */
  cache?: DocumentCache | undefined;
  /** Ends the wait for a module that takes for ever to load. */
  signal?: AbortSignal | undefined;
}

/** The tools of one file, or what is wrong with it. */
export interface Loaded {
  tools: CustomTool[];
  problems: ContractProblem[];
}

/** A YAML or JSON file that was found right, as its value and the places of its tools. */
export interface CheckedDocument {
  tools: Contract[];
  places: Omit<Place, 'file'>[];
}

/** The custom tools of some files, in their order. Throws a usage error with every problem and its place. */
export async function loadCustomTools(files: readonly string[], options: LoadOptions): Promise<CustomTool[]> {
  const loaded: Loaded[] = [];
  // One after the other: a module may stand on what one before it has set up.
  for (const file of files) loaded.push(await loadFile(file, options));
  const tools = loaded.flatMap((each) => each.tools);
  const problems = [...loaded.flatMap((each) => each.problems), ...repeatedNames(tools)];
  if (problems.length > 0) throw badContracts(problems);
  return tools;
}

async function loadFile(file: string, { cwd, cache, signal }: LoadOptions): Promise<Loaded> {
  const extension = extname(file).toLowerCase();
  const path = resolve(cwd, file);
  if (/^\.[cm]?[jt]s$/.test(extension)) {
    const { loadModule } = await import('./load-module.ts');
    return loadModule(file, path, signal);
  }
  if (!['.yaml', '.yml', '.json'].includes(extension)) {
    return wrong(
      file,
      'is neither a YAML or JSON file (.yaml, .yml, .json) nor a module (.js, .mjs, .cjs, .ts, .mts)',
    );
  }
  try {
    return await loadDocument(file, path, await readFile(path, 'utf8'), cache);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    return wrong(file, `cannot be read (${code})`);
  }
}

async function loadDocument(
  file: string,
  path: string,
  text: string,
  cache: DocumentCache | undefined,
): Promise<Loaded> {
  const known = await cache?.read(path, text);
  if (known !== undefined) return { tools: toolsOf(file, known), problems: [] };
  const { checkSource } = await import('./check-source.ts');
  const { document, problems } = await checkSource(file, text);
  if (document === undefined) return { tools: [], problems };
  await cache?.write(path, text, document);
  return { tools: toolsOf(file, document), problems };
}

function toolsOf(file: string, { tools, places }: CheckedDocument): CustomTool[] {
  return tools.map((contract, index) => ({ kind: 'contract', contract, place: { file, ...places[index] } }));
}

function wrong(file: string, message: string): Loaded {
  return { tools: [], problems: [{ file, path: '', message }] };
}

/** Within a file they are found by its check. */
function repeatedNames(tools: readonly CustomTool[]): ContractProblem[] {
  const first = new Map<string, Place>();
  return tools.flatMap((tool) => {
    const { name } = definitionOf(tool);
    const before = first.get(name);
    if (before !== undefined) {
      return [{ ...tool.place, path: '', message: `${name} is defined in ${placeText(before)} already` }];
    }
    first.set(name, tool.place);
    return [];
  });
}

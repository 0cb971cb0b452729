import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { isJsonObject } from '../../json/object.ts';
import type { ConfigProblem } from '../config/problems.ts';
import { locatedProblem, type SourceFile, sourceOf } from '../config/source.ts';
import { noteRight } from './check.ts';

export interface WithTools {
  value: unknown;
  /** By the connector's index: the file that its tools were read from, which has them under `tools` too. */
  files: Map<number, SourceFile>;
  problems: ConfigProblem[];
}

/**
 * Every connector's `tools` that names a file of custom tools, relative to the file that names it, with what is in it in its
 * place, and what is wrong with it.
 * @param connectors by their indexes: the files that connectors were read from
 */
export async function readToolFiles(
  source: SourceFile,
  connectors: ReadonlyMap<number, SourceFile>,
  value: unknown,
): Promise<WithTools> {
  const files = new Map<number, SourceFile>();
  const problems: ConfigProblem[] = [];
  if (!isJsonObject(value) || !Array.isArray(value['connectors'])) return { value, files, problems };
  const read: unknown[] = [];
  for (const [index, connector] of (value['connectors'] as unknown[]).entries()) {
    if (!isJsonObject(connector) || typeof connector['tools'] !== 'string') {
      read.push(connector);
      continue;
    }
    const own = connectors.get(index);
    const file = resolve(dirname((own ?? source).file), connector['tools']);
    const { tools: _named, ...rest } = connector;
    const text = await textOf(file);
    if (typeof text === 'string') {
      const { checkSource } = await import('../../contracts/check-source.ts');
      const checked = await checkSource(file, text);
      problems.push(...checked.problems.map((problem) => ({ ...problem })));
      if (checked.document) files.set(index, sourceOf(file, text));
      read.push(checked.document ? { ...rest, tools: noteRight(checked.document.tools) } : rest);
    } else {
      const named = own ? ['tools'] : ['connectors', index, 'tools'];
      const located = locatedProblem(own ?? source, named, `${file} ${text.reason}`);
      problems.push(own ? { ...located, file: own.file } : located);
      read.push(rest);
    }
  }
  return { value: { ...value, connectors: read }, files, problems };
}

async function textOf(file: string): Promise<string | { reason: string }> {
  if (!['.yaml', '.yml', '.json'].includes(extname(file).toLowerCase())) {
    return { reason: 'is no YAML or JSON file: the tools of a connector are contracts' };
  }
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { reason: `cannot be read (${code})` };
  }
}

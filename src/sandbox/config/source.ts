import { readFile } from 'node:fs/promises';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type ConfigProblem, type PathKey, pathText, SandboxConfigError } from './problems.ts';

/** A YAML or JSON file (JSON is YAML) that remembers where everything stands. */
export interface SourceFile {
  file: string;
  value: unknown;
  locate(path: readonly PathKey[]): Position;
}

interface Position {
  line: number;
  column: number;
}

/** @throws SandboxConfigError where the file cannot be read or is not well-formed */
export async function readSource(file: string): Promise<SourceFile> {
  const lines = new LineCounter();
  const document = parseDocument(await textOf(file), { lineCounter: lines, prettyErrors: false });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({ path: '', ...position(pos[0]), message }));
    throw new SandboxConfigError(file, problems);
  }
  return {
    file,
    value: document.toJS(),
    locate: (path) => position(offsetOf(document, path)),
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new SandboxConfigError(file, [{ path: '', message: `cannot be read (${code})` }]);
  }
}

/** Of the value at a path; where there is none, of the last key on the way there. */
function offsetOf(document: Document, path: readonly PathKey[]): number {
  let node = document.contents as Node | null | undefined;
  let offset = node?.range?.[0] ?? 0;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      offset = (pair?.key as Node | undefined)?.range?.[0] ?? offset;
      next = pair?.value;
    } else if (isSeq(node)) {
      next = node.items[Number(key)];
    }
    const inList = isSeq(node);
    node = next as Node | null | undefined;
    if (!node) return offset;
    // A mapping begins on the line after its key: the key is the better place to point at.
    if (inList || !isMap(node)) offset = node.range?.[0] ?? offset;
  }
  return offset;
}

export function locatedProblem(source: SourceFile, path: readonly PathKey[], message: string): ConfigProblem {
  return { path: pathText(path), ...source.locate(path), message };
}

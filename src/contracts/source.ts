import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { messageOf } from '../errors.ts';
import { type ContractProblem, type Finding, type PathKey, pathText } from './problems.ts';

/** A YAML or JSON file (JSON is YAML) that remembers where everything stands. */
export interface Source {
  /** As it was named. */
  file: string;
  text: string;
  /** Undefined where the file is not well-formed. */
  value: unknown;
  /** Where it is not well-formed, or holds what would not be read as it is written. */
  problems: ContractProblem[];
  /** Where the value at a path stands; where there is none, the last key on the way there. Both from 1. */
  locate: (path: readonly PathKey[]) => { line: number; column: number };
}

export function readSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const locate = (path: readonly PathKey[]) => position(offsetOf(document, path));
  const problemAt = (offset: number, message: string) => ({ file, ...position(offset), path: '', message });
  const broken = document.errors.map(({ pos, message }) => problemAt(pos[0], message));
  if (broken.length > 0) return { file, text, value: undefined, problems: broken, locate };
  try {
    const problems = inexactNumbers(document).map(([offset, message]) => problemAt(offset, message));
    return { file, text, value: document.toJS(), problems, locate };
  } catch (error) {
    return { file, text, value: undefined, problems: [problemAt(0, messageOf(error))], locate };
  }
}

export function locatedProblem(source: Source, { path, message }: Finding): ContractProblem {
  return { file: source.file, ...source.locate(path), path: pathText(path), message };
}

/** Integers that a double does not hold would be sent as others. */
function inexactNumbers(document: Document): [offset: number, message: string][] {
  const found: [number, string][] = [];
  visit(document, {
    Scalar: (_key, { value, source, range }) => {
      if (typeof value !== 'number' || Number.isSafeInteger(value) || !/^[-+]?\d+$/.test(source ?? ''))
        return;
      found.push([range?.[0] ?? 0, `${source} would be read as ${value}: write it as a text, in quotes`]);
    },
  });
  return found;
}

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
    const isInList = isSeq(node);
    node = next as Node | null | undefined;
    if (!node) return offset;
    // A mapping begins on the line after its key: the key is the better place to point at.
    if (isInList || !isMap(node)) offset = node.range?.[0] ?? offset;
  }
  return offset;
}

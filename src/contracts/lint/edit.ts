import { isDeepStrictEqual } from 'node:util';
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { isJsonObject } from '../../json/object.ts';
import type { PathKey } from '../problems.ts';
import type { Fix } from './rule.ts';

/** A place in a text and what is to stand there, in UTF-16 units. */
interface TextEdit {
  from: number;
  to: number;
  text: string;
}

/**
 * Changes values of a YAML or JSON text and nothing else in it: comments, quotes, line breaks and the order of keys
 * stay. The text has to be well-formed.
 */
export interface Editor {
  canSet(fix: Fix): boolean;
  /** The text with these values. Throws where it would say something else. */
  set(fixes: readonly Fix[]): string;
}

export function createEditor(text: string): Editor {
  const document = parseDocument(text, { merge: true });
  return {
    canSet: (fix) => editFor(text, document, fix) !== undefined,
    set: (fixes) => {
      const edits = fixes.flatMap((fix) => editFor(text, document, fix) ?? []);
      const edited = edits
        .sort((a, b) => b.from - a.from)
        .reduce((whole, { from, to, text: put }) => whole.slice(0, from) + put + whole.slice(to), text);
      const meant: unknown = structuredClone(document.toJS());
      for (const fix of fixes) setIn(meant, fix);
      if (!isDeepStrictEqual(parseDocument(edited, { merge: true }).toJS(), meant))
        throw new Error('the edited text says something else');
      return edited;
    },
  };
}

function editFor(text: string, document: Document, { path, value }: Fix): TextEdit | undefined {
  const key = String(path.at(-1));
  const map = mapAt(document, path.slice(0, -1));
  if (map === undefined) return undefined;
  const pair = map.items.find((item) => keyText(item) === key);
  if (pair === undefined) return insertion(text, map, key, JSON.stringify(value));
  const range = isScalar(pair.value) ? pair.value.range : undefined;
  return range ? { from: range[0], to: range[1], text: JSON.stringify(value) } : undefined;
}

/** None behind an alias or an anchor: it stands elsewhere too. */
function mapAt(document: Document, path: readonly PathKey[]): YAMLMap | undefined {
  let node: unknown = document.contents;
  for (const key of path) {
    if (isMap(node)) node = node.items.find((item) => keyText(item) === String(key))?.value;
    else if (isSeq(node)) node = node.items[Number(key)];
    else return undefined;
  }
  return isMap(node) && node.anchor === undefined ? node : undefined;
}

function keyText({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function insertion(text: string, map: YAMLMap, name: string, json: string): TextEdit | undefined {
  const [first] = map.items;
  const start = startOf(first?.key);
  if (map.flow === true) return flowInsertion(text, map, name, json);
  if (first === undefined || start === undefined) return undefined;
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  // Behind `type`, where people look for it.
  const type = map.items.find((item) => keyText(item) === 'type')?.value;
  const end = isScalar(type) && (type.type === 'PLAIN' || isQuoted(type)) ? lineEnd(text, type) : undefined;
  return end === undefined
    ? { from: start, to: start, text: `${name}: ${json}${lineBreak}${indent}` }
    : { from: end, to: end, text: `${lineBreak}${indent}${name}: ${json}` };
}

function isQuoted({ type }: { type?: string }): boolean {
  return type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
}

/** Of the line that a value ends on; a comment may follow it there. */
function lineEnd(text: string, { range }: Node): number | undefined {
  if (!range) return undefined;
  const at = text.indexOf('\n', range[1]);
  if (at < 0) return text.length;
  return text[at - 1] === '\r' ? at - 1 : at;
}

function flowInsertion(text: string, map: YAMLMap, name: string, json: string): TextEdit | undefined {
  const open = map.range?.[0];
  if (open === undefined) return undefined;
  const last = map.items.at(-1);
  const isJson = last === undefined ? /^\s*[{[]/.test(text) : isScalar(last.key) && isQuoted(last.key);
  const pair = `${isJson ? JSON.stringify(name) : name}: ${json}`;
  if (last === undefined) return { from: open + 1, to: open + 1, text: ` ${pair} ` };
  const start = startOf(last.key);
  const end = (last.value as Node | null)?.range?.[1];
  if (start === undefined || end === undefined) return undefined;
  // On lines of their own or all on one, as the others are.
  const before = text.slice(text.lastIndexOf('\n', start - 1), start);
  const gap = /^\r?\n[ \t]*$/.test(before) ? `${text.includes('\r\n') ? '\r' : ''}${before}` : ' ';
  return { from: end, to: end, text: `,${gap}${pair}` };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function setIn(root: unknown, { path, value }: Fix): void {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
      root,
    );
  if (isJsonObject(parent)) parent[String(path.at(-1))] = value;
}

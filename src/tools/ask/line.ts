import { usageError } from '../../errors.ts';
import { isJsonObject } from '../../json/object.ts';
import type { Path } from '../input/put.ts';
import { readScalar } from '../input/scalar.ts';
import type { Shape } from '../shape.ts';
import type { Kind } from './kind.ts';

/** What is typed on a line, or into an editor. */
export type LineKind = Extract<Kind['kind'], 'text' | 'long' | 'secret' | 'json'>;

export function isLine(kind: Kind['kind']): kind is LineKind {
  return kind === 'text' || kind === 'long' || kind === 'secret' || kind === 'json';
}

/** What was typed at a question, which is never the name of a file. Throws a usage error for what is none of it. */
export function readLine(path: Path, of: readonly Shape[], kind: LineKind, text: string): unknown {
  if (kind === 'long' || kind === 'secret') return text;
  const read = readScalar(path.join('.'), { text }, of);
  const value = read === undefined ? text : read.value;
  if (kind === 'json' && !isJsonObject(value)) throw usageError('It takes a JSON object: {"key": "value"}');
  return value;
}

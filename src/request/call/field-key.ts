import { usageError } from '../../errors.ts';

/** Stands for `[]`: an item at the end of a list. */
export const ITEM = Symbol('item');

export type FieldKey = readonly [name: string, ...rest: (string | typeof ITEM)[]];

export interface ParsedField {
  /** As it was typed, `a[b]`. */
  key: string;
  /** Undefined for `a[]` alone, an empty list. */
  value: string | undefined;
}

/** Deeper nesting is a slip, and would cost stack where the value is written. */
const MOST_LEVELS = 64;

/** `k=v`, or `a[]` alone. Throws a usage error where there is no name or no value. */
export function splitField(text: string, flag: string): ParsedField {
  const at = text.indexOf('=');
  const key = at < 0 ? text : text.slice(0, at);
  if (key === '') throw usageError(`a field of ${flag} has no name`, `Write ${flag} name=value.`);
  if (at < 0 && !key.endsWith('[]')) {
    throw usageError(`the field ${JSON.stringify(key)} has no value`, `Write ${flag} ${key}=value.`);
  }
  return { key, value: at < 0 ? undefined : text.slice(at + 1) };
}

/**
 * `a`, `a[b]`, `a[]`, `a[][b]`: a name, then names or `[]` in brackets.
 * Throws a usage error that names the key for anything else.
 */
export function parseKey(key: string): FieldKey {
  const [name = ''] = /^[^[\]]*/.exec(key) ?? [];
  const brackets = key.slice(name.length);
  if (name === '') throw badKey(key, 'begins with a bracket', 'A body that is a list is given with -d.');
  if (!/^(\[[^[\]]*\])*$/.test(brackets)) throw badKey(key, 'has a bracket without its other half');
  const rest = [...brackets.matchAll(/\[([^[\]]*)\]/g)].map(([, inner = '']) =>
    inner === '' ? ITEM : inner,
  );
  if (rest.some((part, index) => part === ITEM && rest[index + 1] === ITEM)) {
    throw badKey(key, 'holds a list in a list', 'Give such a body with -d.');
  }
  if (rest.length > MOST_LEVELS) throw badKey(key.slice(0, 40), `nests more than ${MOST_LEVELS} levels`);
  return [name, ...rest];
}

function badKey(key: string, problem: string, hint = 'Write name=value, a[b]=1, a[]=1 or a[][b]=1.') {
  return usageError(`the field ${JSON.stringify(key)} ${problem}`, hint, { code: 'bad_field' });
}

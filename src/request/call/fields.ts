import { usageError } from '../../errors.ts';
import { type Reading, readArgument } from '../../terminal/input.ts';
import type { Field } from '../options.ts';
import type { Content } from './content.ts';
import { type ParsedField, parseKey, splitField } from './field-key.ts';
import { emptyObject, type JsonMembers, literal, setField, writeJson } from './json-tree.ts';
import type { QueryPair } from './query.ts';
import { decodeText } from './text.ts';

/** `-f` and `-F` as a JSON body. */
export async function fieldContent(reading: Reading, fields: readonly Field[]): Promise<Content> {
  const bytes = Buffer.from(writeJson(await fieldTree(reading, fields)));
  return { body: { source: { kind: 'bytes', bytes }, data: bytes, contentType: 'application/json' } };
}

/** `-f` and `-F` as parameters of the query, their keys as they were typed. */
export async function fieldQuery(reading: Reading, fields: readonly Field[]): Promise<Content> {
  const query: QueryPair[] = [];
  for (const field of fields) {
    const { key, value } = splitField(field.text, flagOf(field));
    if (value === undefined) {
      throw usageError(
        `the field ${JSON.stringify(key)} is an empty list, which a query cannot say`,
        `Leave it out, or write -q ${key}`,
      );
    }
    query.push([key, (await readValue(reading, field, key, value)).text]);
  }
  return { query };
}

/** The fields as one JSON object. Throws a usage error that names the field that cannot be placed. */
export async function fieldTree(reading: Reading, fields: readonly Field[]): Promise<JsonMembers> {
  // All keys first: stdin is not read for a call that is refused.
  const parsed = fields.map((field) => {
    const split: ParsedField = splitField(field.text, flagOf(field));
    return { field, ...split, path: parseKey(split.key) };
  });
  const root = emptyObject();
  for (const { field, key, value, path } of parsed) {
    const json = value === undefined ? undefined : (await readValue(reading, field, key, value)).json;
    setField(root, path, json === undefined ? undefined : literal(json), key);
  }
  return root;
}

/** `true`, `false`, `null` and the numbers of JSON: `007`, `+1` and `.5` are none. */
const LITERAL = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/;

async function readValue(
  reading: Reading,
  field: Field,
  key: string,
  value: string,
): Promise<{ json: string; text: string }> {
  if (field.isTyped && LITERAL.test(value)) return { json: value, text: value };
  if (!field.isTyped || !value.startsWith('@')) return { json: JSON.stringify(value), text: value };
  const label = `-F ${key}`;
  const text = decodeText(await readArgument(reading, value, label), label);
  return { json: JSON.stringify(text), text };
}

function flagOf({ isTyped }: Field): string {
  return isTyped ? '-F' : '-f';
}

import { usageError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json/object.ts';
import { parseJsonArgument, type Reading, readArgument } from '../terminal/input.ts';
import { propertySchema, typesOf } from './schema.ts';

export interface InputOptions {
  /** A JSON object as text, `@file`, or `-` for stdin. */
  input?: string;
  /** `key=value`, typed by the schema; wins over `input`. */
  param?: string[];
}

/** The tool's input as it was typed. Throws a usage error for what is no object or no `key=value`. */
export async function readInput(
  reading: Reading,
  schema: JsonObject | null,
  options: InputOptions,
): Promise<JsonObject> {
  const base =
    options.input === undefined
      ? {}
      : asObject(parseJsonArgument(await readArgument(reading, options.input, '--input'), '--input'));
  const given = new Map<string, string[]>();
  for (const param of options.param ?? []) {
    const at = param.indexOf('=');
    if (at < 1) throw usageError(`-p ${JSON.stringify(param)} is no key=value`, 'Write -p key=value.');
    const key = param.slice(0, at);
    given.set(key, [...(given.get(key) ?? []), param.slice(at + 1)]);
  }
  const typed = [...given].map(([key, values]) => [
    key,
    typeValues(key, values, propertySchema(schema, key)),
  ]);
  return { ...base, ...Object.fromEntries(typed) };
}

function asObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw usageError('--input is no JSON object', 'A tool takes its inputs by name: {"key": "value"}.');
}

function typeValues(key: string, values: readonly string[], schema: JsonObject | undefined): unknown {
  const [value = ''] = values;
  const isList = typesOf(schema).includes('array');
  if (isList && !(values.length === 1 && value.startsWith('['))) {
    const items = schema?.['items'];
    const itemSchema = typeof items === 'object' && items !== null ? (items as JsonObject) : undefined;
    return values.map((each) => typeValue(key, each, itemSchema));
  }
  if (values.length > 1)
    throw usageError(`-p ${key} is given ${values.length} times, and is no list`, 'Give it once.');
  return typeValue(key, value, schema);
}

/** A text as the schema's type; as text where it does not read as that, for the validation to tell. */
export function typeValue(key: string, value: string, schema: JsonObject | undefined): unknown {
  const types = typesOf(schema);
  const enumeration = schema?.['enum'];
  if (Array.isArray(enumeration)) {
    const meant =
      enumeration.find((each) => each === value) ?? enumeration.find((each) => String(each) === value);
    return meant === undefined ? value : meant;
  }
  if (types.includes('string') || types.length === 0) return value;
  if (types.includes('null') && value === 'null') return null;
  if (types.includes('boolean') && (value === 'true' || value === 'false')) return value === 'true';
  if ((types.includes('integer') || types.includes('number')) && JSON_NUMBER.test(value))
    return exactNumber(key, value);
  if (
    (types.includes('object') && value.startsWith('{')) ||
    (types.includes('array') && value.startsWith('['))
  ) {
    return parseJsonArgument(Buffer.from(value), `-p ${key}`);
  }
  return value;
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Tool inputs travel as doubles: an integer that one cannot hold would arrive as another. */
function exactNumber(key: string, value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && (!/^-?\d+$/.test(value) || Number.isSafeInteger(number))) return number;
  throw usageError(
    `-p ${key}=${value} cannot be sent exactly: tool inputs are carried as double-precision numbers`,
    'Use a number up to 9007199254740991, or text if the tool takes it.',
  );
}

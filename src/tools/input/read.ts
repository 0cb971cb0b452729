import { SkConnectError, usageError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { isStdin, type Reading, readArgument } from '../../terminal/input.ts';
import { coerceInput, type Pair } from './coerce.ts';
import { parseExactJson } from './exact-json.ts';

export interface InputOptions {
  /** A JSON object as text, `@file`, or `-` for stdin. */
  input?: string;
  /** `key=value`, typed by the schema; wins over `input`. `key=@file` and `key=@-` are read, `key=@@x` is the text `@x`. */
  param?: string[];
}

/** The tool's input as it was typed. Throws a usage error for what is no object or no `key=value`. */
export async function readInput(
  reading: Reading,
  schema: JsonObject | null,
  { input, param = [] }: InputOptions,
): Promise<JsonObject> {
  const typed = param.map(split);
  const readers = [input, ...typed.map(({ value }) => (value.startsWith('@') ? value : undefined))];
  if (readers.filter(isStdin).length > 1) {
    throw usageError('stdin can be read once, and two inputs ask for it', 'Put one of them into a file.');
  }
  const base = input === undefined ? {} : await readBase(reading, input);
  const pairs: Pair[] = [];
  for (const { key, value } of typed) pairs.push({ key, value: await readValue(reading, key, value) });
  return coerceInput(schema, pairs, base);
}

async function readBase(reading: Reading, input: string): Promise<JsonObject> {
  const bytes = await readArgument(reading, input, '--input');
  const value = parseExactJson(Buffer.from(bytes).toString('utf8'), '--input');
  if (isJsonObject(value)) return value;
  throw usageError('--input is no JSON object', 'A tool takes its inputs by name: {"key": "value"}.');
}

function split(param: string): { key: string; value: string } {
  const at = param.indexOf('=');
  if (at < 1) throw usageError(`-p ${JSON.stringify(param)} is no key=value`, 'Write -p key=value.');
  return { key: param.slice(0, at), value: param.slice(at + 1) };
}

/** Only what stands on the command line names a file: a value of `--input` may come from anywhere. */
async function readValue(reading: Reading, key: string, value: string): Promise<Pair['value']> {
  if (value.startsWith('@@')) return { text: value.slice(1) };
  if (!value.startsWith('@')) return { text: value };
  const bytes = await readArgument(reading, value, `-p ${key}`).catch((error: unknown) => {
    if (!(error instanceof SkConnectError) || error.code !== 'file_unreadable') throw error;
    const { message, code, cause } = error;
    throw usageError(message, `Name a file that exists; for the text ${value} write ${key}=@${value}.`, {
      code,
      cause,
    });
  });
  return { text: Buffer.from(bytes).toString('utf8'), bytes };
}

import { posix, win32 } from 'node:path';
import { usageError } from '../../errors.ts';

export type TypedPart = { name: string; text: string } | ({ name: string } & TypedFile);

export interface TypedFile {
  /** A name, or `-` for stdin. */
  file: string;
  /** What the receiver is told; undefined where it follows from the file's name. */
  filename: string | undefined;
  type: string | undefined;
}

/** `type/subtype` and its parameters, in what a header may hold (RFC 9110 section 8.3.1). */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;[\t\x20-\x7e]*)?$/;

/**
 * `name=text`, `name=@file;type=…;filename=…`, or `name=@@text` for a text that begins with `@`.
 * Throws a usage error that names the part.
 */
export function parsePart(text: string): TypedPart {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  if (name === '')
    throw usageError('a field of --form has no name', 'Write --form name=value or name=@file.');
  if (at < 0) {
    throw usageError(
      `--form ${name} has no value`,
      `Write --form ${name}=value, or ${name}=@file for a file.`,
    );
  }
  const value = text.slice(at + 1);
  if (value.startsWith('@@')) return { name, text: value.slice(1) };
  return value.startsWith('@') ? { name, ...parseFile(name, value.slice(1)) } : { name, text: value };
}

/** The name of a file as a path's last part: on Windows behind a backslash too. */
export function baseName(file: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? win32.basename(file) : posix.basename(file);
}

function parseFile(name: string, value: string): TypedFile {
  // Only these two end a file's name, so that it may hold any other semicolon, as may a type.
  const [file = '', ...parameters] = value.split(/;(?=(?:type|filename)=)/);
  const given = new Map<string, string>();
  for (const parameter of parameters) {
    const at = parameter.indexOf('=');
    const key = parameter.slice(0, at);
    if (given.has(key)) throw usageError(`--form ${name} has two ;${key}=`, 'Give it once.');
    given.set(key, unquote(parameter.slice(at + 1)));
  }
  const type = given.get('type');
  if (type !== undefined && !MEDIA_TYPE.test(type)) {
    throw usageError(
      `--form ${name} has a ;type= that is no media type: ${JSON.stringify(type)}`,
      'Write ;type=image/png, for example.',
    );
  }
  if (given.get('filename') === '')
    throw usageError(`--form ${name} has an empty ;filename=`, 'Leave it out.');
  return { file, filename: given.get('filename'), type };
}

/** curl's users write `filename="a b.txt"`. */
function unquote(text: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/s.exec(text) ?? [];
  return quoted === undefined ? text : quoted.replace(/\\(["\\])/g, '$1');
}

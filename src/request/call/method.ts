import { usageError } from '../../errors.ts';

export interface Target {
  /** In upper case; undefined where none was given. */
  method: string | undefined;
  /** As it was typed. */
  path: string;
}

const COMMON_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** `[METHOD] PATH` beside `-X METHOD`. Throws a usage error where the two disagree, or the path is missing. */
export function readTarget([first, second]: readonly string[], option: string | undefined): Target {
  if (first === undefined) throw usageError('the path is missing', 'Write: sk-connect request /v1/customers');
  if (second === undefined && COMMON_METHODS.has(first)) {
    throw usageError(
      `${first} is a method: the path is missing`,
      `Write: sk-connect request ${first} /v1/customers`,
    );
  }
  const path = second ?? first;
  if (path === '') throw usageError('the path is empty', "Write / for the connector's base URL itself.");
  const word = second === undefined ? undefined : methodWord(first, second);
  const flag = option === undefined ? undefined : methodOption(option);
  if (word !== undefined && flag !== undefined && word !== flag) {
    throw usageError(
      `the method is ${word} in front of the path and ${flag} after -X`,
      'Leave one of them out.',
    );
  }
  return { method: word ?? flag, path };
}

function methodWord(word: string, path: string): string {
  if (isMethod(word)) return word.toUpperCase();
  throw usageError(
    `${JSON.stringify(word)} is no HTTP method`,
    COMMON_METHODS.has(path.toUpperCase())
      ? `The method comes first: sk-connect request ${path.toUpperCase()} ${word}`
      : 'Write METHOD PATH: sk-connect request GET /v1/customers',
  );
}

function methodOption(text: string): string {
  if (isMethod(text)) return text.toUpperCase();
  throw usageError(`-X ${JSON.stringify(text)} is no HTTP method`, 'Write -X PATCH, for example.');
}

/** Narrower than a token (RFC 9110 section 9.1), so that a path or a header in its place is a slip that is told. */
function isMethod(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(text);
}

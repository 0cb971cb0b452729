import { type SkConnectError, usageError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import { charsetOf } from './charset.ts';
import { shapeOf } from './media-type.ts';

/** Whether a body, by its first bytes, is no text. */
export function isBinary(head: Uint8Array, contentType: string | undefined): boolean {
  // Its first bytes are ASCII; what a terminal would choke on comes later.
  if (Buffer.from(head.subarray(0, 5)).toString('latin1') === '%PDF-') return true;
  const charset = charsetOf(contentType, head);
  if (new TextDecoder(charset).decode(head).includes('\0')) return true;
  return charset === 'utf-8' && shapeOf(contentType) === 'unknown' && !isUtf8(head);
}

/** Whether bytes are UTF-8, but for a character that is cut off at their end. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** `bytes` is its size, where that is known. */
export function binaryOnTerminal(
  { status, headers }: ProxyResponse,
  bytes: number | undefined,
): SkConnectError {
  const contentType = headerValue(headers, 'content-type') ?? 'of no declared type';
  const what = bytes === undefined ? 'bytes' : `${bytes.toLocaleString('en')} bytes`;
  return usageError(
    `the provider answered ${status} with ${what} (${contentType}) that would garble the terminal`,
    'Save them with --output FILE, or pass them on with --output -',
    { code: 'binary_on_terminal', httpStatus: status },
  );
}

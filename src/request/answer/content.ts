import type { Readable } from 'node:stream';
import { messageOf, SkConnectError, systemErrorCode } from '../../errors.ts';
import { decodeContent } from '../../http/content-encoding.ts';
import { headerValue } from '../../http/headers.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import { charsetOf } from './charset.ts';

/** The body without its Content-Encoding. */
export function decodedBody({ headers, body }: ProxyResponse): Readable {
  return decodeContent(body, headerValue(headers, 'content-encoding'));
}

/** The whole body, decoded. Throws `unreachable` where it breaks off. */
export async function readBody(response: ProxyResponse): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of decodedBody(response)) chunks.push(chunk);
  } catch (error) {
    throw brokenBody(error);
  }
  return Buffer.concat(chunks);
}

/** The answer broke off, or what it was encoded with is damaged. */
export function brokenBody(error: unknown): SkConnectError {
  if (error instanceof SkConnectError) return error;
  if (systemErrorCode(error) === 'Z_DATA_ERROR') {
    return new SkConnectError('unreachable', `the answer does not decode: ${messageOf(error)}`, {
      code: 'broken_response',
      hint: "It may come unencoded: -H 'accept-encoding: identity'.",
      cause: error,
    });
  }
  return new SkConnectError('unreachable', `the answer broke off: ${messageOf(error)}`, {
    code: 'broken_response',
    hint: 'Try again; -v shows each attempt.',
    cause: error,
  });
}

/** The body as text in the charset it declares, or undefined where it is none: bytes that do not decode, or NULs. */
export function asText(body: Uint8Array, contentType: string | undefined): string | undefined {
  try {
    const decoder = new TextDecoder(charsetOf(contentType, body), { fatal: true, ignoreBOM: true });
    const text = decoder.decode(body);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Whether a text is to be read as JSON: it is declared so, or undeclared, and it is. */
export function isJsonType(contentType: string | undefined): boolean {
  return contentType === undefined || /^[^;]*[/+]json\s*(;|$)/i.test(contentType);
}

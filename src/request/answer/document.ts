import { headersByName, headerValue } from '../../http/headers.ts';
import { indentJson, isJson } from '../../json/indent.ts';
import type { JsonObject } from '../../json/object.ts';
import { maskCookie } from '../../redact.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import { JsonText } from '../../terminal/terminal.ts';
import { asText, isJsonType } from './content.ts';

/**
 * What `--json` prints about an answer. `body` is null where it was saved to a file or not asked for, and a string
 * where it is JSON text. `more` comes last.
 */
export function answerDocument(
  response: ProxyResponse,
  body: Buffer | string | null,
  durationMs: number,
  more: JsonObject = {},
): JsonText {
  const { status, statusText, headers } = response;
  // Cookies are credentials.
  const shown = headers.map(([name, value]) => [name, maskCookie(name, value)] as const);
  const head = JSON.stringify({ status, statusText, headers: headersByName(shown) });
  const { encoding, text } = encodeBody(body, headerValue(headers, 'content-type'));
  const tail = JSON.stringify({ bodyEncoding: encoding, durationMs: Math.round(durationMs), ...more });
  return new JsonText(`${head.slice(0, -1)},"body":${text},${tail.slice(1)}`);
}

/** JSON stays as its text, so that number literals survive; other text becomes a string, bytes become base64. */
function encodeBody(
  body: Buffer | string | null,
  contentType: string | undefined,
): { encoding: 'json' | 'utf8' | 'base64' | null; text: string } {
  if (body === null) return { encoding: null, text: 'null' };
  if (typeof body === 'string') return { encoding: 'json', text: body };
  const decoded = asText(body, contentType);
  if (decoded === undefined) return { encoding: 'base64', text: JSON.stringify(body.toString('base64')) };
  const bare = decoded.replace(/^\uFEFF/, '');
  if (isJsonType(contentType) && isJson(bare)) return { encoding: 'json', text: indentJson(bare, 0) };
  return { encoding: 'utf8', text: JSON.stringify(decoded) };
}

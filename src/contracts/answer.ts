import { Readable } from 'node:stream';
import { headerValue } from '../http/headers.ts';
import { indentJson, isJson } from '../json/indent.ts';
import { asText, isJsonType } from '../request/answer/content.ts';
import type { SentResponse } from '../request/send.ts';
import { ToolFailure } from './failure.ts';
import type { ContractResponse } from './host.ts';

/**
 * An answer as JSON on one line: its JSON, `null` for none, a string for other text. Throws a ToolFailure for a status
 * that is no success (a redirect is none, as none is followed), and for what is no text.
 */
export async function answerJson(response: ContractResponse): Promise<string> {
  if (response.status >= 300) throw await providerFailure(response);
  if (response.body.length === 0) return 'null';
  const contentType = headerValue(response.headers, 'content-type');
  const text = asText(response.body, contentType)?.replace(/^\uFEFF/, '');
  if (text === undefined)
    throw await unreadable(response, `a body ${contentType ?? 'of no declared type'}, no text`);
  // Some APIs call their JSON text/plain or text/javascript.
  if ((isJsonType(contentType) || /^\s*[[{]/.test(text)) && isJson(text)) return indentJson(text, 0);
  if (contentType !== undefined && isJsonType(contentType))
    throw await unreadable(response, 'a body that is no JSON');
  return JSON.stringify(text);
}

/** The provider's words on one line. */
export async function providerFailure(response: ContractResponse): Promise<ToolFailure> {
  const { errorLine, readProviderError, statusOf } = await import('../request/answer/provider-error.ts');
  const error = await readProviderError({ response: asSent(response), body: response.body });
  const isRedirect = response.status < 400;
  const said = isRedirect ? `${statusOf(response)}, and redirects are not followed` : errorLine(error);
  return new ToolFailure('provider_error', `the provider answered ${said}`, { httpStatus: response.status });
}

async function unreadable(response: ContractResponse, what: string): Promise<ToolFailure> {
  const { statusOf } = await import('../request/answer/provider-error.ts');
  const message = `the provider answered ${statusOf(response)} with ${what}`;
  return new ToolFailure('bad_answer', message, { httpStatus: response.status });
}

/** As what pages and errors are read from. */
export function asSent({ headers, body, status, statusText }: ContractResponse): SentResponse {
  const decoded = headers.filter(([name]) => name.toLowerCase() !== 'content-encoding');
  return {
    status,
    statusText,
    headers: decoded.map(([name, value]) => [name, value]),
    body: Readable.from([Buffer.from(body.buffer, body.byteOffset, body.byteLength)], { objectMode: false }),
    answeredBy: 'provider',
  };
}

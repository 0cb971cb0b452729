import { headerValue } from '../../http/headers.ts';
import type { Answer } from '../answer/answer.ts';
import { asText } from '../answer/content.ts';
import { line } from '../answer/provider-message.ts';

/** The JSON that a body is: `null` where it is empty, several values where it is one a line. Or why it is none. */
export type JsonBody = { text: string; values: readonly unknown[] } | { reason: string };

export function jsonBody({ response, body, isWhole }: Answer): JsonBody {
  if (!isWhole) return { reason: 'a body that was not kept' };
  const contentType = headerValue(response.headers, 'content-type');
  const text = asText(body, contentType)?.replace(/^\uFEFF/, '');
  if (text === undefined) return { reason: `a body that is no text${typeSuffix(contentType)}` };
  if (text.trim() === '') return { text: 'null', values: [null] };
  const values = valuesOf([text]) ?? valuesOf(text.split('\n').filter((each) => each.trim() !== ''));
  return values === undefined
    ? { reason: `a body that is not JSON${typeSuffix(contentType)}` }
    : { text, values };
}

function valuesOf(texts: readonly string[]): unknown[] | undefined {
  try {
    return texts.map((text) => JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function typeSuffix(contentType: string | undefined): string {
  return contentType === undefined ? '' : ` (${line(contentType, 80)})`;
}

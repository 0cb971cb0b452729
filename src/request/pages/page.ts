import { SkConnectError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import { elementsOf } from '../../json/elements.ts';
import { indentJson, isJson } from '../../json/indent.ts';
import { jqOutputs } from '../../json/jq.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import { asText, readBody } from '../answer/content.ts';
import type { SentResponse } from '../send.ts';

export interface Page {
  /** Counts from 1. */
  number: number;
  /** What it is the answer to. */
  call: ProxyCall;
  response: SentResponse;
  /** Decoded. */
  body: Buffer;
  /** The body's text; undefined for a 204, which has none. */
  json: string | undefined;
}

/** Reads a page. Throws `upstream` for one that is not JSON, `unreachable` for one that breaks off. */
export async function readPage(number: number, call: ProxyCall, response: SentResponse): Promise<Page> {
  const body = await readBody(response);
  const page = { number, call, response, body };
  if (response.status === 204) return { ...page, json: undefined };
  const json = asText(body, headerValue(response.headers, 'content-type'))?.replace(/^\uFEFF/, '');
  if (json === undefined || !isJson(json)) throw notJson(number, response, body);
  return { ...page, json };
}

function notJson(
  number: number,
  { status, statusText, headers }: SentResponse,
  body: Buffer,
): SkConnectError {
  const location = headerValue(headers, 'location');
  const type = headerValue(headers, 'content-type') ?? 'of no declared type';
  const what = body.length === 0 ? 'an empty body' : `a body ${type}`;
  return new SkConnectError(
    'upstream',
    `page ${number} is not JSON: the provider answered ${`${status} ${statusText}`.trim()} with ${what}`,
    {
      code: 'page_not_json',
      httpStatus: status,
      hint:
        status >= 300 && location !== undefined
          ? `It redirects to ${location}; redirects are not followed.`
          : 'Look at it without --paginate.',
    },
  );
}

export interface Contents {
  /** What the page is, where no expression says where its list is. */
  kind: 'array' | 'object' | 'value' | undefined;
  /** Each as its text on one line, literals as they came. */
  items: string[];
  /** Whether `--items` found something there, be it an empty list. */
  isFound: boolean;
}

/** The items of a page: of its array, of the list that `--items` finds, or the page itself. */
export async function contentsOf({ json }: Page, expression: string | undefined): Promise<Contents> {
  if (json === undefined) return { kind: undefined, items: [], isFound: true };
  if (expression !== undefined) {
    const outputs = await jqOutputs(expression, json, '--items');
    // Some APIs leave an empty list out, or have null for it.
    if (outputs.length === 1 && outputs[0] === 'null') return { kind: undefined, items: [], isFound: false };
    return {
      kind: undefined,
      items: outputs.flatMap((output) => elementsOf(output) ?? [output]),
      isFound: true,
    };
  }
  const elements = elementsOf(json);
  if (elements !== undefined) return { kind: 'array', items: elements, isFound: true };
  const text = indentJson(json, 0);
  return { kind: text.startsWith('{') ? 'object' : 'value', items: [text], isFound: true };
}

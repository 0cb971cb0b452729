import { STATUS_CODES } from 'node:http';
import { headerValue } from '../../http/headers.ts';

import { maskText } from '../../redact.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import { visibleLine } from '../../terminal/visible.ts';
import { asText } from './content.ts';
import { type Statement, saysSame, statementsOf } from './error-words.ts';

type Head = Pick<ProxyResponse, 'status' | 'statusText' | 'headers'>;

const LONGEST_MESSAGE = 300;
const MOST_STATEMENTS = 5;
/** A plain text that is longer is no message. */
const LONGEST_TEXT = 4096;

/**
 * What the body of an error says: on one line of at most 300 characters, control characters visible, credentials
 * masked. Undefined where it says nothing beyond its status, or nothing that can be read.
 */
export async function providerMessage(head: Head, body: Uint8Array): Promise<string | undefined> {
  return messageFrom(head, await errorValue(head, body));
}

/** The same for a body that was parsed. */
export function messageFrom(head: Head, value: unknown): string | undefined {
  const reasons = [head.statusText, STATUS_CODES[head.status] ?? '', String(head.status)];
  const isReason = (text: string) =>
    reasons.some((reason) => saysSame(text, reason) || saysSame(text, `${head.status} ${reason}`));
  const texts = statementsOf(value)
    .map((statement) => sentence(statement, isReason))
    .filter((text) => text !== '' && !isReason(text));
  if (texts.length === 0) return undefined;
  const more = texts.length - MOST_STATEMENTS;
  return line(`${texts.slice(0, MOST_STATEMENTS).join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
}

/** Text from the wire as part of a message. */
export function line(text: string, longest = LONGEST_MESSAGE): string {
  const shown = visibleLine(maskText(text)).trim();
  if (shown.length <= longest) return shown;
  // Not between the halves of a character.
  return `${shown
    .slice(0, longest - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}

/** The JSON that an error body is, or an object or a text in its place; undefined where it can be read as nothing. */
export async function errorValue({ headers }: Pick<Head, 'headers'>, body: Uint8Array): Promise<unknown> {
  const contentType = headerValue(headers, 'content-type');
  const text =
    asText(body, contentType)
      ?.replace(/^\uFEFF/, '')
      .trim() ?? '';
  if (/^([{["]|null$|true$|false$|-?\d+$)/.test(text)) return parsed(text);
  if (text.startsWith('<')) return fromMarkup(text);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType ?? '')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  return text.length > LONGEST_TEXT ? undefined : text.split(/\r?\n/, 1)[0];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The title of a page, or what S3, Azure and SOAP say in their XML. */
async function fromMarkup(markup: string): Promise<unknown> {
  const { parse } = await import('node-html-parser');
  const document = parse(markup);
  const textOf = (name: string) => document.querySelector(name)?.text.trim();
  const title = textOf('title');
  if (title !== undefined) return title;
  return { code: textOf('code') ?? textOf('faultcode'), message: textOf('message') ?? textOf('faultstring') };
}

function sentence({ message, code, where }: Statement, isReason: (text: string) => boolean): string {
  // “Not Found: …” stands in the status already.
  const [first = '', ...rest] = message.split(': ');
  const text = rest.length > 0 && isReason(first) ? rest.join(': ') : message;
  const about = where === undefined ? '' : ` (${where})`;
  if (code === undefined || isReason(code)) return `${text}${about}`;
  return /^-?\d+$/.test(code) ? `${text}${about} (code ${code})` : `${code}: ${text}${about}`;
}

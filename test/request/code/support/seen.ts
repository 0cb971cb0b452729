import { indentJson } from '../../../../src/json/indent.ts';
import type { Received } from '../../../commands/support/http.ts';

/** A request in the terms in which two of them are the same to a provider, whatever wrote them. */
export interface Seen {
  method: string;
  path: string;
  /** By name; those of one name in their order. */
  query: [string, string][];
  contentType: string | undefined;
  /** JSON without white space, the fields of a form, or the bytes. */
  body: unknown;
  /** Those that were typed. */
  headers: Record<string, string | string[] | undefined>;
}

type Request = Pick<Received, 'method' | 'url' | 'headers' | 'body'>;

export async function seen({ method, url, headers, body }: Request, typed: readonly string[]): Promise<Seen> {
  const { pathname, searchParams } = new URL(url, 'http://upstream');
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  return {
    method,
    path: decodeURIComponent(pathname),
    query: [...searchParams].sort(([a], [b]) => (a < b ? -1 : Number(a > b))),
    contentType: type === 'multipart/form-data' ? type : headers['content-type'],
    body: await content(type, body, headers['content-type'] ?? ''),
    headers: Object.fromEntries(typed.map((name) => [name.toLowerCase(), headers[name.toLowerCase()]])),
  };
}

async function content(type: string, body: Buffer, contentType: string): Promise<unknown> {
  if (body.length > 0 && (type === 'application/json' || type.endsWith('+json'))) {
    return indentJson(body.toString('utf8'), 0);
  }
  if (type === 'application/x-www-form-urlencoded') return [...new URLSearchParams(body.toString('utf8'))];
  if (type !== 'multipart/form-data') return body.toString('latin1');
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  return Promise.all([...form].map(async ([name, value]) => [name, await part(value)]));
}

async function part(value: string | File): Promise<unknown> {
  if (typeof value === 'string') return value;
  return {
    filename: value.name,
    type: value.type,
    bytes: Buffer.from(await value.arrayBuffer()).toString('latin1'),
  };
}

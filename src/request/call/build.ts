import { type HeaderList, headerValue } from '../../http/headers.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import { checkProxyCall, type ProxyCall } from '../../scalekit/proxy-input.ts';
import type { Reading } from '../../terminal/input.ts';
import type { CallOptions, RequestOptions } from '../options.ts';
import type { Content } from './content.ts';
import { parseHeader, withContentType } from './headers.ts';
import { readTarget } from './method.ts';
import { fillTemplates } from './path.ts';
import { appendQuery, parseQuery, type QueryPair } from './query.ts';
import type { TypedCall } from './typed-call.ts';

type Options = CallOptions & Pick<RequestOptions, 'head' | 'paginate' | 'repeat' | 'retry'>;

/**
 * The proxied call that was typed; what of its body needs no look is left unread. Throws a usage error for
 * anything that must not be sent.
 */
export async function buildCall(
  reading: Reading,
  account: AccountKey,
  words: readonly string[],
  options: Options,
): Promise<TypedCall> {
  const target = readTarget(words, options.method);
  const method = target.method ?? defaultMethod(options);
  const base = {
    account,
    method,
    path: fillTemplates(target.path, options.path ?? []),
    query: (options.query ?? []).map(parseQuery),
    headers: (options.header ?? []).map(parseHeader),
  };
  // Checked before a body is read: stdin may be long in coming.
  checkProxyCall(callOf(base, {}));
  return assemble(base, await readContent(reading, options, base));
}

/** A call without its content. */
interface Base {
  account: AccountKey;
  method: string;
  path: string;
  query: readonly QueryPair[];
  headers: HeaderList;
}

function defaultMethod({ head, data, field, form, urlencoded, graphql }: Options): string {
  if (head === true) return 'HEAD';
  return [data, field, form, urlencoded, graphql].every((each) => each === undefined) ? 'GET' : 'POST';
}

/** Each kind is loaded where it is asked for. */
async function readContent(reading: Reading, options: Options, { method, headers }: Base): Promise<Content> {
  const { data, field, form, urlencoded, graphql } = options;
  const isQuery = method === 'GET' || method === 'HEAD';
  const givenType = headerValue(headers, 'content-type');
  const mustRepeat = options.retry !== undefined || options.repeat !== undefined || options.paginate === true;
  if (graphql !== undefined) {
    const { graphqlContent } = await import('./graphql.ts');
    return graphqlContent(reading, { document: graphql, fields: field ?? [], isQuery });
  }
  if (field !== undefined) {
    const { fieldContent, fieldQuery } = await import('./fields.ts');
    return isQuery ? fieldQuery(reading, field) : fieldContent(reading, field);
  }
  if (form !== undefined) {
    const { multipartContent } = await import('./multipart.ts');
    return multipartContent(reading, form, { givenType, mustRepeat });
  }
  if (urlencoded !== undefined) {
    const { urlencodedContent } = await import('./urlencoded.ts');
    return urlencodedContent(urlencoded);
  }
  if (data === undefined) return {};
  const { dataContent } = await import('./data.ts');
  return dataContent(reading, data, { hasType: givenType !== undefined, mustRepeat });
}

function assemble(base: Base, content: Content): TypedCall {
  const call = callOf(base, content);
  checkProxyCall(call);
  const { withVariable } = content;
  return {
    call,
    path: base.path,
    query: [...base.query, ...(content.query ?? [])],
    headers: base.headers,
    body: content.body?.source,
    ...(withVariable === undefined
      ? {}
      : { withVariable: (name, value) => callOf(base, withVariable(name, value)) }),
  };
}

function callOf(
  { account, method, path, query, headers }: Base,
  { body, query: more = [] }: Content,
): ProxyCall {
  return {
    ...account,
    method,
    path: appendQuery(path, [...query, ...more]),
    headers: withContentType(headers, body),
    ...(body === undefined ? {} : { body: body.data }),
  };
}

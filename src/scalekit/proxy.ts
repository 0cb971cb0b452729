import { addAbortSignal, Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import type { HeaderList } from '../http/headers.ts';
import { maskHeader, maskQuery } from '../redact.ts';
import { type AnsweredBy, answeredBy, mayBeScalekits } from './answered-by.ts';
import { classify } from './classify.ts';
import type { EnvironmentToken } from './environment-token.ts';
import { checkProxyCall, type ProxyCall } from './proxy-input.ts';
import type { CoreClient } from './sdk.ts';
import { type Trace, traceAttempt } from './trace.ts';

/** What the provider (or Scalekit's proxy) answered: nothing decoded, nothing dropped, no redirect followed. */
export interface ProxyResponse {
  status: number;
  statusText: string;
  /** In the order and spelling they came in, repeated ones repeated. */
  headers: [name: string, value: string][];
  /** The bytes as they come; ends with an error when the connection breaks or the call is aborted. */
  body: Readable;
  /** Told for status 400 and above. */
  answeredBy: AnsweredBy;
}

export interface ProxyOptions {
  core: CoreClient;
  token: EnvironmentToken;
  trace: Trace;
  signal: AbortSignal;
}

const MOST_ATTEMPTS = 2;

/** Sends a call through `{env}/proxy{path}`. Throws a usage error for what must not be sent, and `unreachable`; any status is an answer. */
export async function sendThroughProxy(options: ProxyOptions, call: ProxyCall): Promise<ProxyResponse> {
  checkProxyCall(call);
  for (let number = 1; ; number++) {
    const token = await options.token.current();
    const response = await attempt(options, call, number);
    if (response.status !== 401 || response.answeredBy !== 'scalekit') return response;
    await options.token.refused(token);
    if (number === MOST_ATTEMPTS) return response;
    // Scalekit refused our token, so nothing reached the provider: once more with a new one.
    response.body.resume();
  }
}

async function attempt(options: ProxyOptions, call: ProxyCall, number: number): Promise<ProxyResponse> {
  const { core, trace, signal } = options;
  // A URL drops the spaces at its end.
  const path = call.path.replaceAll(' ', '%20');
  const url = `${core.envUrl}/proxy${path.startsWith('/') ? '' : '/'}${path}`;
  const headers = requestHeaders(call);
  const traced = traceAttempt(trace, {
    protocol: 'http',
    call: `${call.method} ${maskQuery(url)}`,
    attempt: number,
    headers: masked(
      Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
    ),
  });
  try {
    const answer = await untilHead<AxiosResponse<Readable & { rawHeaders?: string[] }>>(signal, (signal) =>
      core.axios.request({
        url,
        method: call.method,
        headers,
        data: bodyData(call.body),
        responseType: 'stream',
        decompress: false,
        validateStatus: () => true,
        transformRequest: [],
        transformResponse: [],
        maxBodyLength: Number.POSITIVE_INFINITY,
        timeout: core.toolTimeoutMs,
        signal,
      }),
    );
    const responseHeaders = pairs(answer.data.rawHeaders ?? []);
    traced.answered(`${answer.status} ${answer.statusText}`.trim(), masked(responseHeaders));
    return await withOrigin(answer, responseHeaders, signal);
  } catch (error) {
    const failure = classify(error, { envUrl: core.envUrl });
    traced.failed(failure.message);
    throw failure;
  }
}

/** Aborts with `signal` until the answer's head is there: axios would end its body with an error that holds our token. */
async function untilHead<T>(signal: AbortSignal, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await send(controller.signal);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function requestHeaders(call: ProxyCall): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
  };
  for (const [name, value] of call.headers ?? []) {
    const key = name.toLowerCase();
    const given =
      call.headers?.filter(([other]) => other.toLowerCase() === key).map(([, each]) => each) ?? [];
    headers[key] = given.length > 1 ? given : value;
  }
  return { ...headers, connection_name: call.connectionName, identifier: call.identifier };
}

function bodyData(body: ProxyCall['body']): Buffer | Readable | undefined {
  if (body === undefined) return undefined;
  return body instanceof Uint8Array
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    : body.open();
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    list.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  return list;
}

function masked(headers: HeaderList): HeaderList {
  return headers.map(([name, value]) => [name, maskHeader(name, value)]);
}

const ORIGIN_BYTES = 64 * 1024;

async function withOrigin(
  { status, statusText, data: body }: AxiosResponse<Readable>,
  headers: [string, string][],
  signal: AbortSignal,
): Promise<ProxyResponse> {
  addAbortSignal(signal, body);
  const response = { status, statusText, headers, body, answeredBy: 'provider' as AnsweredBy };
  const valueOf = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  // Any other answer may be long in coming, and is passed on at once.
  if (status < 400 || !mayBeScalekits(valueOf('content-type'))) return response;
  const { head, whole } = await peek(body, ORIGIN_BYTES);
  return { ...response, body: whole, answeredBy: answeredBy(head, valueOf('content-encoding')) };
}

/** The first bytes of a stream, and the stream as if nobody had looked. */
async function peek(body: Readable, most: number): Promise<{ head: Uint8Array; whole: Readable }> {
  const iterator: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < most) {
    const { done, value } = await iterator.next();
    if (done) return { head: Buffer.concat(chunks), whole: Readable.from(chunks, { objectMode: false }) };
    chunks.push(value);
    length += value.length;
  }
  const rest = async function* () {
    yield* chunks;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  const whole = Readable.from(rest(), { objectMode: false });
  whole.once('close', () => body.destroy());
  return { head: Buffer.concat(chunks), whole };
}

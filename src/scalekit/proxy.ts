import { addAbortSignal, type Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import { systemErrorCode } from '../errors.ts';
import { derive } from '../http/derive.ts';
import type { HeaderList } from '../http/headers.ts';
import { isIdempotent } from '../http/idempotent.ts';
import { peek } from '../http/peek.ts';
import { maskHeader, maskQuery } from '../redact.ts';
import { type AnsweredBy, answeredBy, bytesToTellBy } from './answered-by.ts';
import { classify } from './classify.ts';
import type { EnvironmentToken } from './environment-token.ts';
import type { HttpAgents } from './http-agents.ts';
import { checkProxyCall, isRepeatable, type ProxyCall } from './proxy-input.ts';
import { headersFrom, requestConfig } from './proxy-request.ts';
import type { CoreClient } from './sdk.ts';
import { createSending, type Sending } from './sending.ts';
import { type Trace, traceAttempt } from './trace.ts';

/** What the provider (or Scalekit's proxy) answered: nothing decoded, nothing dropped, no redirect followed. */
export interface ProxyResponse {
  status: number;
  statusText: string;
  /** In the order and spelling they came in, repeated ones repeated. */
  headers: [name: string, value: string][];
  /** The bytes as they come; ends with an error when the connection breaks or the call is aborted. */
  body: Readable;
  /**
   * Told for status 400 and above. The answer to a HEAD has no body to tell it from, and counts as the provider's;
   * Scalekit's commonest refusal, of a token that was revoked, is ruled out before a HEAD is sent.
   */
  answeredBy: AnsweredBy;
}

export interface ProxyOptions {
  core: CoreClient;
  agents: HttpAgents;
  token: EnvironmentToken;
  trace: Trace;
  signal: AbortSignal;
}

/** Sends a call through `{env}/proxy{path}`. Throws a usage error for what must not be sent, and `unreachable`; any status is an answer. */
export async function sendThroughProxy(options: ProxyOptions, call: ProxyCall): Promise<ProxyResponse> {
  checkProxyCall(call);
  const mayRepeat = isRepeatable(call.body);
  // What cannot be sent again, or not be told a refused token from, goes with one that is known to be good.
  const proven = !mayRepeat || call.method === 'HEAD';
  let isRenewed = false;
  // What a server does with a request on a connection that it is closing is not known: nothing goes there that must not go twice.
  let isAlone = !mayRepeat || !isIdempotent(call.method);
  for (let number = 1; ; number++) {
    const token = await options.token.current({ proven });
    const sending = createSending(call.body, options.core.toolTimeoutMs);
    try {
      const response = await attempt(options, call, { sending, number, isAlone });
      if (response.status !== 401 || response.answeredBy !== 'scalekit') return response;
      await options.token.refused(token);
      if (isRenewed || !mayRepeat) return response;
      isRenewed = true;
      // Scalekit refused our token, so nothing reached the provider: once more with a new one.
      response.body.resume();
    } catch (error) {
      if (isAlone || !isStale(sending, error)) throw error;
      isAlone = true;
    }
  }
}

/** Whether the server had closed a connection that was used again (RFC 9112 section 9.3.1). */
function isStale(sending: Sending, error: unknown): boolean {
  const code = systemErrorCode(error);
  return sending.isReused() && !sending.isAnswered() && (code === 'ECONNRESET' || code === 'EPIPE');
}

interface Attempt {
  sending: Sending;
  /** Counts from 1. */
  number: number;
  /** On a connection of its own. */
  isAlone: boolean;
}

async function attempt(
  { core, agents, trace, signal }: ProxyOptions,
  call: ProxyCall,
  { sending, number, isAlone }: Attempt,
): Promise<ProxyResponse> {
  const config = requestConfig(core.envUrl, call);
  const traced = traceAttempt(trace, {
    protocol: 'http',
    call: `${call.method} ${maskQuery(config.url)}`,
    attempt: number,
    headers: masked(headersFrom(config.headers)),
  });
  try {
    const answer = await untilHead<AxiosResponse<Readable & { rawHeaders?: string[] }>>(signal, (signal) =>
      core.axios.request({
        ...config,
        ...(isAlone ? agents.own : agents.kept),
        data: sending.data,
        signal,
      }),
    );
    const headers = pairs(answer.data.rawHeaders ?? []);
    traced.answered(`${answer.status} ${answer.statusText}`.trim(), masked(headers));
    addAbortSignal(signal, answer.data);
    const { status, statusText } = answer;
    const body = sending.isSent() ? answer.data : untilSent(answer.data, sending);
    return await withOrigin({ status, statusText, headers, body, answeredBy: 'provider' });
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

/** An answer that is read to its end before all was sent: who ends then would cut off what the server still takes. */
function untilSent(body: Readable, sending: Sending): Readable {
  return derive(body, async function* () {
    yield* body as AsyncIterable<Buffer>;
    await sending.sent;
  });
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

/** Looks at as much of an error's body as tells who answered. Any other answer may be long in coming, and is passed on at once. */
async function withOrigin(response: ProxyResponse): Promise<ProxyResponse> {
  const most = bytesToTellBy(response);
  if (most === 0) return response;
  const { head, whole } = await peek(response.body, most);
  return { ...response, body: whole, answeredBy: await answeredBy(response, head) };
}

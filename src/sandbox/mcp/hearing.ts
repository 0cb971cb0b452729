import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { type Dispatcher, fetch as undiciFetch } from 'undici';

/** An answer with an HTTP status that is no success, which the SDK tells of in message texts only. */
export interface HttpFailure {
  /** What was asked: `initialize`, `tools/call`. */
  method: string;
  status: number;
  location: string | null;
  /** The server named a scheme: it is the token that it refuses, before anything was done (RFC 9110 section 11.6.1). */
  isChallenge: boolean;
  /** What the body says in words. */
  words: string | undefined;
}

/** What was heard of a server in one conversation. */
export interface Hearing {
  failure?: HttpFailure;
  /** It offered a session. */
  hasSession: boolean;
  /** Of MCP, as the answer to `initialize` names it. */
  protocolVersion?: string;
  /** The method of a request whose answer ended before there was one. */
  endedEarly?: string;
  /** The last method that was asked for. */
  method: string;
}

interface Sent {
  id: string | number | undefined;
  method: string;
}

const GRACE_MS = 100;
const LONGEST_WORDS = 64 * 1024;

/**
 * The side of a conversation that the SDK does not show. `onEnd` is called where an answer ended and the request is still
 * waiting for it: the SDK would wait on until its time is up.
 */
export function createHearing(dispatcher: Dispatcher, onEnd: () => void) {
  const hearing: Hearing = { hasSession: false, method: 'initialize' };
  const answered = new Set<string | number>();

  function note(message: JSONRPCMessage): void {
    if ('method' in message || !('id' in message) || message.id === undefined) return;
    answered.add(message.id);
    if (!('result' in message)) return;
    const { protocolVersion } = message.result;
    if (typeof protocolVersion === 'string') hearing.protocolVersion ??= protocolVersion;
  }

  function ended({ id, method }: Sent): void {
    if (id === undefined) return;
    // What came last may still be on its way through the SDK's parser.
    const timer = setTimeout(() => {
      if (answered.has(id)) return;
      hearing.endedEarly ??= method;
      onEnd();
    }, GRACE_MS);
    timer.unref();
  }

  /** A stateless conversation has no use for the stream of events that a GET would open, nor for a session. */
  const fetch: FetchLike = async (url, init) => {
    if (init?.method === 'GET') return new Response(null, { status: 405 });
    const sent = sentIn(init?.body);
    hearing.method = sent.method;
    const request = { ...init, dispatcher } as Parameters<typeof undiciFetch>[1];
    const response = await undiciFetch(url, request);
    const headers = new Headers([...response.headers]);
    hearing.hasSession ||= headers.has('mcp-session-id');
    headers.delete('mcp-session-id');
    const { status, statusText } = response;
    if (response.ok) {
      const body = watched(response.body, () => ended(sent));
      return new Response(status === 204 || status === 205 ? null : body, { status, statusText, headers });
    }
    const text = await beginning(response.body);
    hearing.failure = {
      method: sent.method,
      status,
      location: headers.get('location'),
      isChallenge: headers.has('www-authenticate'),
      words: wordsIn(text),
    };
    return new Response(status === 304 ? null : text, { status, statusText, headers });
  };

  return { hearing, note, fetch };
}

function sentIn(body: unknown): Sent {
  const message = typeof body === 'string' ? (JSON.parse(body) as Partial<Sent>) : {};
  return { id: message.id, method: message.method ?? '' };
}

/** The same bytes, with a call when they are over, whether they came to an end or broke off. */
function watched(body: ReadableStream<Uint8Array> | null, onEnd: () => void): ReadableStream | null {
  if (body === null) {
    onEnd();
    return null;
  }
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      return onEnd();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** As much of a body as words can be looked for in. */
async function beginning(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_WORDS) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Of JSON-RPC's error, OAuth's or a plain one. */
function wordsIn(text: string): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  const at = (value: unknown, name: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  const error = at(body, 'error');
  const words = [at(error, 'message'), at(body, 'error_description'), at(body, 'message'), error];
  const found = words.find((word) => typeof word === 'string' && word !== '');
  return typeof found === 'string' ? found.slice(0, 500) : undefined;
}

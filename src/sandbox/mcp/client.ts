import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { AnySchema, SchemaOutput } from '@modelcontextprotocol/sdk/server/zod-compat.js';
import type { JsonSchemaValidator, jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { linkedSignal } from '../linked-signal.ts';
import { renewRefused } from '../oauth/refresh.ts';
import { credentialHeader } from '../proxy/credentials.ts';
import { resolveUrl } from '../proxy/placeholders.ts';
import type { Account, Credentials } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { toolFailure } from './failure.ts';
import { createHearing, type Hearing } from './hearing.ts';

/** Results are passed on as they are; the default would set up Ajv for every conversation. */
const NO_VALIDATION: jsonSchemaValidator = {
  getValidator<T>(): JsonSchemaValidator<T> {
    return (data) => ({ valid: true, data: data as T, errorMessage: undefined });
  },
};

/** Asks the server; all that is asked in a conversation has to be answered within one span of time. */
export type Ask = <S extends AnySchema>(
  request: { method: string; params: Record<string, unknown> },
  result: S,
) => Promise<SchemaOutput<S>>;

interface ConversationOptions {
  executionId: string;
  signal?: AbortSignal;
}

/**
 * One conversation with a stateless MCP server: `initialize`, its notification, and what `use` asks, each a request of its
 * own. A server that refuses the token is asked again with a renewed one, where nothing can have been done before.
 */
export async function withMcpServer<T>(
  state: SandboxState,
  account: Account,
  options: ConversationOptions,
  use: (ask: Ask) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + state.upstreamTimeoutMs;
  const first = await converse(state, account, { ...options, deadline }, use);
  if ('value' in first) return first.value;
  const { hearing, used, failure } = first;
  if (!isTokenRefused(hearing) || !(await renewRefused(state, account, used))) throw failure;
  const second = await converse(state, account, { ...options, deadline }, use);
  if ('value' in second) return second.value;
  throw second.failure;
}

type Outcome<T> = { value: T } | { failure: Error; hearing: Hearing; used: Credentials };

async function converse<T>(
  state: SandboxState,
  account: Account,
  { executionId, signal, deadline }: ConversationOptions & { deadline: number },
  use: (ask: Ask) => Promise<T>,
): Promise<Outcome<T>> {
  const url = resolveUrl(account.connection.connector.definition.proxy_url, account);
  const { credentials: used } = account;
  const credential = credentialHeader(account);
  const client = new Client(
    { name: 'sk-connect-sandbox', version: '1.0.0' },
    { jsonSchemaValidator: NO_VALIDATION },
  );
  const { hearing, note, fetch } = createHearing(state.upstream, () => void client.close());
  const transport = new StreamableHTTPClientTransport(url, {
    fetch,
    requestInit: { headers: credential ? { [credential[0]]: credential[1] } : {}, redirect: 'manual' },
    reconnectionOptions: NO_RECONNECTION,
  });
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- no EventTarget: the client calls what was there before it
  transport.onmessage = note;
  const ending = linkedSignal([state.closing, ...(signal ? [signal] : [])]);
  const requestOptions = () => ({
    timeout: Math.max(1, deadline - performance.now()),
    signal: ending.signal,
  });
  try {
    await client.connect(transport, requestOptions());
    return { value: await use((request, result) => client.request(request, result, requestOptions())) };
  } catch (error) {
    return { failure: toolFailure(error, hearing, executionId), hearing, used };
  } finally {
    ending.release();
    await client.close();
  }
}

const NO_RECONNECTION = {
  maxRetries: 0,
  initialReconnectionDelay: 1,
  maxReconnectionDelay: 1,
  reconnectionDelayGrowFactor: 1,
};

/** A 401 to the call itself may be of an API behind the server, unless it is a challenge. */
function isTokenRefused({ failure }: Hearing): boolean {
  if (failure?.status !== 401) return false;
  return failure.method !== 'tools/call' || failure.isChallenge;
}

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JsonSchemaValidator, jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { type Agent, fetch as undiciFetch } from 'undici';
import { credentialHeader } from '../proxy/credentials.ts';
import { resolveUrl } from '../proxy/placeholders.ts';
import type { Account } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { toolFailure } from './failure.ts';

/** Results are passed on as they are; the default would set up Ajv for every conversation. */
const NO_VALIDATION: jsonSchemaValidator = {
  getValidator<T>(): JsonSchemaValidator<T> {
    return (data) => ({ valid: true, data: data as T, errorMessage: undefined });
  },
};

/** One conversation with a stateless MCP server: initialize, do what `use` does, close. */
export async function withMcpServer<T>(
  state: SandboxState,
  account: Account,
  options: { executionId: string; signal?: AbortSignal },
  use: (client: Client, requestOptions: { timeout: number; signal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  const url = resolveUrl(account.connection.connector.definition.proxy_url, account);
  const credential = credentialHeader(account);
  const last: { status?: number } = {};
  const transport = new StreamableHTTPClientTransport(url, {
    fetch: statelessFetch(state.upstream, last),
    requestInit: { headers: credential ? { [credential[0]]: credential[1] } : {}, redirect: 'manual' },
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1,
      maxReconnectionDelay: 1,
      reconnectionDelayGrowFactor: 1,
    },
  });
  const client = new Client(
    { name: 'sk-connect-sandbox', version: '1.0.0' },
    { jsonSchemaValidator: NO_VALIDATION },
  );
  const requestOptions = {
    timeout: state.upstreamTimeoutMs,
    ...(options.signal && { signal: options.signal }),
  };
  try {
    await client.connect(transport, requestOptions);
    return await use(client, requestOptions);
  } catch (error) {
    throw toolFailure(error, last.status, options.executionId);
  } finally {
    await client.close();
  }
}

/**
 * Remembers the last error status, which the SDK tells in message texts only. A GET would open the
 * server's own stream of events, which a stateless conversation has no use for.
 */
function statelessFetch(agent: Agent, last: { status?: number }): FetchLike {
  return async (url, init) => {
    if (init?.method === 'GET') return new Response(null, { status: 405 });
    const request = { ...init, dispatcher: agent } as Parameters<typeof undiciFetch>[1];
    const response = await undiciFetch(url, request);
    if (!response.ok) last.status = response.status;
    return response;
  };
}

import { onTestFinished } from 'vitest';
import { createRedactor } from '../../src/redact.ts';
import type { ProxyResponse } from '../../src/scalekit/proxy.ts';
import type { ProxyCall } from '../../src/scalekit/proxy-input.ts';
import { createScalekit, type Scalekit } from '../../src/scalekit/scalekit.ts';
import type { TokenCache } from '../../src/scalekit/token-cache.ts';
import type { AttemptEvent } from '../../src/scalekit/trace.ts';
import { CLIENT_ID, CLIENT_SECRET } from './scripted-server.ts';

export interface Client extends Scalekit {
  /** What `-v` would show, oldest first. */
  events: AttemptEvent[];
  abort(reason: unknown): void;
}

export interface ClientOptions {
  clientId?: string;
  clientSecret?: string;
  tokenCache?: TokenCache | undefined;
  deadlineMs?: number;
}

/** Scalekit as the commands open it, closed when the test is over. */
export function clientOf(envUrl: string, options: ClientOptions = {}): Client {
  const { clientId = CLIENT_ID, clientSecret = CLIENT_SECRET, tokenCache, deadlineMs } = options;
  const events: AttemptEvent[] = [];
  const end = new AbortController();
  const scalekit = createScalekit({
    environment: { envUrl, clientId, clientSecret },
    tokenCache,
    redactor: createRedactor(),
    trace: (event) => events.push(event),
    signal: end.signal,
    deadlineMs,
  });
  onTestFinished(() => scalekit.close());
  return { ...scalekit, events, abort: (reason) => end.abort(reason) };
}

export const ACCOUNT = { connectionName: 'crm', identifier: 'user_1' };

export function get(path: string, overrides: Partial<ProxyCall> = {}): ProxyCall {
  return { ...ACCOUNT, method: 'GET', path, ...overrides };
}

export function post(path: string, body: Uint8Array | string, contentType = 'application/json'): ProxyCall {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return { ...ACCOUNT, method: 'POST', path, headers: [['content-type', contentType]], body: bytes };
}

export async function bytesOf({ body }: ProxyResponse): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function textOf(response: ProxyResponse): Promise<string> {
  return (await bytesOf(response)).toString('utf8');
}

/** Whatever it rejects with; fails where it does not. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  const outcome = await call.then(
    () => ({ failed: false as const }),
    (error: unknown) => ({ failed: true as const, error }),
  );
  if (!outcome.failed) throw new Error('expected it to fail');
  return outcome.error;
}

/** One call of each kind of read, by the RPC's name. */
export const reads = {
  ListScopedTools: async (client: Client) =>
    (await client.tools()).scoped('user_1', { connectionNames: ['crm'] }).next(),
  ListAvailableTools: async (client: Client) => (await client.tools()).available('user_1').next(),
  ListTools: async (client: Client) => (await client.tools()).catalog({}).next(),
  ListConnectedAccounts: async (client: Client) => (await client.accounts()).list({}).next(),
  ListAppConnections: async (client: Client) => (await client.connections()).list().next(),
  GetMagicLinkForConnectedAccount: async (client: Client) =>
    (await client.accounts()).authorizationLink(ACCOUNT),
} as const;

export const writes = {
  CreateConnectedAccount: async (client: Client) => (await client.accounts()).create(ACCOUNT, 'oauth'),
  UpdateConnectedAccount: async (client: Client) =>
    (await client.accounts()).updateCredentials(ACCOUNT, { api_key: 'k' }),
} as const;

export async function executeTool(client: Client, input: Record<string, unknown> = { a: 1 }) {
  return (await client.tools()).execute({ ...ACCOUNT, toolName: 'crm_send', input });
}

/** A call of each way there is: proxied, a read, and a tool, which is sent once. */
export const everyCall: [name: string, call: (client: Client) => Promise<unknown>][] = [
  ['a proxied call', async (client) => bytesOf(await client.request(get('/me')))],
  ['a gRPC read', reads.ListTools],
  ['a tool', executeTool],
];

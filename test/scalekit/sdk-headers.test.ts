import actionsModule from '@scalekit-sdk/node/lib/actions.js';
import { describe, expect, it } from 'vitest';
import { CoreClient, GrpcConnect, loadAccountsSdk, loadToolsSdk } from '../../src/scalekit/sdk.ts';
import { everyService } from './answers.ts';
import { ACCOUNT, bytesOf, clientOf, reads } from './client.ts';
import {
  type Attempt,
  CLIENT_ID,
  CLIENT_SECRET,
  type ScriptedServer,
  scriptedServer,
} from './scripted-server.ts';

const ENV_URL = 'http://127.0.0.1:1';
const newCore = (envUrl = ENV_URL) => new CoreClient(envUrl, CLIENT_ID, CLIENT_SECRET);

async function signIn(core: InstanceType<typeof CoreClient>): Promise<void> {
  const form = new URLSearchParams({ client_id: CLIENT_ID, client_secret: CLIENT_SECRET });
  core.accessToken = (await core.authenticate(form.toString())).data.access_token;
}

describe('a proxied request of ours', () => {
  const calls = [
    { method: 'GET', path: '/me?page=2', headers: {} },
    { method: 'DELETE', path: '/me/1', headers: { 'X-Trace': 't' } },
    { method: 'POST', path: 'notes', headers: { 'content-type': 'application/json' }, body: '{"a":1}' },
    {
      method: 'PUT',
      path: '/notes',
      headers: { 'content-type': 'text/plain', accept: 'text/csv' },
      body: 'x',
    },
    { method: 'POST', path: '/empty', headers: {} },
  ];

  /** All but what belongs to the connection, and what the client says it takes (ours is left as it comes). */
  function comparable({ method, url, headers, body }: Attempt) {
    const { host: _host, connection: _connection, accept, 'accept-encoding': _encoding, ...rest } = headers;
    return {
      method,
      url,
      body: body.toString(),
      headers: rest,
      accept: accept?.startsWith('text/') ? accept : '*',
    };
  }

  async function lastOf(server: ScriptedServer, send: () => Promise<unknown>) {
    await send();
    const last = server.attempts.at(-1);
    if (last === undefined) throw new Error('nothing was sent');
    return comparable(last);
  }

  it.each(calls)('is that of the SDK’s actions.request: $method $path', async ({ body, ...call }) => {
    const server = await scriptedServer();
    const bytes = body === undefined ? {} : { body: Buffer.from(body) };
    const core = newCore(server.origin);
    // Of the four, request() uses the core alone.
    const actions = new actionsModule.default(
      undefined as never,
      undefined as never,
      core,
      undefined as never,
    );
    await signIn(core);
    const theirs = await lastOf(server, () => actions.request({ ...ACCOUNT, ...call, ...bytes }));
    // Both with the first token, as the header that carries it is compared too.
    server.issued.length = 0;
    const client = clientOf(server.origin);
    const ours = await lastOf(server, async () =>
      bytesOf(await client.request({ ...ACCOUNT, ...call, ...bytes, headers: Object.entries(call.headers) })),
    );
    // What the SDK sends without a body it calls a form.
    if (body === undefined) delete theirs.headers['content-type'];
    expect(ours).toEqual(theirs);
    expect(ours.headers).toMatchObject({
      authorization: 'Bearer issued-token-1',
      connection_name: 'crm',
      identifier: 'user_1',
    });
  });
});

describe('a gRPC request of ours', () => {
  type Grpc = InstanceType<typeof GrpcConnect>;
  type Core = InstanceType<typeof CoreClient>;
  const calls: [
    rpc: keyof typeof reads,
    send: (grpc: Grpc, core: Core) => Promise<unknown>,
    seconds: number,
  ][] = [
    [
      'ListTools',
      async (grpc, core) =>
        new (await loadToolsSdk()).ToolsClient(grpc, core).listTools({ filter: {}, pageSize: 100 }),
      60,
    ],
    [
      'ListConnectedAccounts',
      async (grpc, core) =>
        new (await loadAccountsSdk()).ConnectedAccountsClient(grpc, core).listConnectedAccounts({
          pageSize: 99,
        }),
      20,
    ],
  ];

  /** What is left of the deadline when it is sent, in whole seconds. */
  const secondsOf = (timeout: unknown) => Math.ceil(Number.parseInt(String(timeout), 10) / 1000);

  it.each(calls)(
    'carries the headers, the bytes and the deadline of the SDK’s own: %s',
    async (rpc, send, seconds) => {
      const server = await scriptedServer(everyService);
      const core = newCore(server.origin);
      await signIn(core);
      await send(new GrpcConnect(core), core);
      const theirs = server.attempts.at(-1);
      server.issued.length = 0;
      await reads[rpc](clientOf(server.origin));
      const ours = server.attempts.at(-1);
      const { 'grpc-timeout': ourTimeout, ...ourHeaders } = ours?.headers ?? {};
      const { 'grpc-timeout': theirTimeout, ...theirHeaders } = theirs?.headers ?? {};
      expect(ourHeaders).toEqual(theirHeaders);
      expect(ourHeaders).toMatchObject({
        authorization: 'Bearer issued-token-1',
        'x-sdk-version': 'Scalekit-Node/2.11.0',
      });
      expect(ours?.url).toBe(theirs?.url);
      expect(ours?.body.toString('hex')).toBe(theirs?.body.toString('hex'));
      expect([ourTimeout, theirTimeout].map(secondsOf)).toEqual([seconds, seconds]);
    },
  );
});

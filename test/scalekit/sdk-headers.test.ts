import actionsModule from '@scalekit-sdk/node/lib/actions.js';
import { describe, expect, it } from 'vitest';
import { CoreClient, GrpcConnect, loadToolsSdk } from '../../src/scalekit/sdk.ts';
import { ACCOUNT, bytesOf, clientOf } from './client.ts';
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
    expect(ours).toEqual(theirs);
    expect(ours.headers).toMatchObject({
      authorization: 'Bearer issued-token-1',
      connection_name: 'crm',
      identifier: 'user_1',
    });
  });
});

describe('a gRPC request of ours', () => {
  it('carries the headers of the SDK’s own', async () => {
    const server = await scriptedServer({ tools: { listTools: () => ({}) } });
    const core = newCore(server.origin);
    const grpc = new GrpcConnect(core);
    const { ToolsClient } = await loadToolsSdk();
    await signIn(core);
    await new ToolsClient(grpc, core).listTools({ pageSize: 100 });
    const theirs = server.attempts.at(-1)?.headers;
    server.issued.length = 0;
    await (await clientOf(server.origin).tools()).catalog({}).next();
    const ours = server.attempts.at(-1)?.headers;
    const { 'grpc-timeout': ourTimeout, ...ourRest } = ours ?? {};
    const { 'grpc-timeout': theirTimeout, ...theirRest } = theirs ?? {};
    expect(ourRest).toEqual(theirRest);
    expect(ourRest).toMatchObject({
      authorization: 'Bearer issued-token-1',
      'x-sdk-version': 'Scalekit-Node/2.11.0',
    });
    expect([ourTimeout, theirTimeout].map((timeout) => /^\d{5}m$/.test(String(timeout)))).toEqual([
      true,
      true,
    ]);
  });
});

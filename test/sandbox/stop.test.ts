import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { accessToken, connector, sdkOf } from './support/sandbox.ts';
import { upstream } from './support/upstream.ts';

const descriptors = () => readdirSync('/proc/self/fd').length;

/** Takes connections and says nothing, not even a TLS hello. */
async function mute(): Promise<{ port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, sockets };
}

describe('a stop with everything under way', () => {
  it('takes less than two seconds, and gives back every file descriptor', async () => {
    const silent = await mute();
    const origin = await upstream((request, response) => {
      if (request.url === '/stream') response.write('begun');
    });
    const config: SandboxConfig = {
      environment: {
        webhooks: [{ url: `${origin}/hook`, secret: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0' }],
      },
      allow_hosts: ['tls.example', '127.0.0.1'],
      connectors: [
        connector({ proxy_url: origin }),
        connector({ display_name: 'Tls', proxy_url: `https://tls.example:${silent.port}` }),
        connector({
          display_name: 'Mcp',
          proxy_url: `${origin}/mcp`,
          auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }],
        }),
        connector({
          display_name: 'Oauth',
          proxy_url: origin,
          auth_patterns: [
            {
              type: 'OAUTH',
              oauth_config: { authorize_uri: `${origin}/authorize`, token_uri: `${origin}/token` },
            },
          ],
        }),
      ],
      connections: [
        { name: 'demo', connector: 'demo' },
        { name: 'tls', connector: 'tls' },
        { name: 'mcp', connector: 'mcp' },
        { name: 'oauth', connector: 'oauth', oauth: { client_id: 'c', client_secret: 's' } },
      ],
      accounts: [
        { connection: 'demo', identifier: 'u', credentials: { token: 't' } },
        { connection: 'tls', identifier: 'u', credentials: { token: 't' } },
        { connection: 'mcp', identifier: 'u', status: 'ACTIVE' },
        {
          connection: 'oauth',
          identifier: 'u',
          credentials: { access_token: 'a', refresh_token: 'r', expires_in: 1 },
        },
      ],
      faults: [{ match: { path: '/late' }, effect: { latency_ms: 60_000 } }],
    };
    const before = descriptors();
    const sandbox = await startSandbox({
      config,
      lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    });
    const authorization = `Bearer ${await accessToken(sandbox)}`;
    const sdk = sdkOf(sandbox);

    const proxied = (
      path: string,
      connection_name = 'demo',
      options: { method?: string; body?: string } = {},
    ) => {
      const headers = { authorization, connection_name, identifier: 'u' };
      const call = httpRequest(`${sandbox.url}/proxy${path}`, {
        agent: false,
        headers,
        method: options.method ?? 'GET',
      });
      call.on('error', () => {}).on('response', (response) => response.resume().on('error', () => {}));
      if (options.body === undefined) call.end();
      else call.write(options.body);
    };
    proxied('/hang');
    proxied('/stream');
    proxied('/late');
    proxied('/x', 'tls');
    proxied('/x', 'oauth');
    proxied('/up', 'demo', { method: 'POST', body: 'begun' });
    for (const text of [
      '',
      'GET /keys HTT',
      'PRI * HT',
      'POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na',
    ]) {
      connect(sandbox.port, '127.0.0.1', function said(this: Socket) {
        this.write(text);
      }).on('error', () => {});
    }
    const watching = { authorization: `Bearer ${sandbox.env.SK_CONNECT_SANDBOX_TOKEN}` };
    void fetch(`${sandbox.url}/sandbox/v1/exchanges?after=9999&waitSeconds=30`, { headers: watching }).catch(
      () => {},
    );
    const calls = [
      sdk.actions.executeTool({ toolName: 'c-mcp_x', identifier: 'u', connector: 'mcp', toolInput: {} }),
      sdk.tools.listScopedTools('u', { filter: {} }),
    ].map((call) => call.catch(() => {}));
    const session = connectHttp2(sandbox.url).on('error', () => {});
    const stream = session.request({
      ':method': 'POST',
      ':path': '/x.Y/Z',
      'content-type': 'application/grpc',
    });
    stream.on('error', () => {}).write('\0');
    sandbox.control.setAccountStatus('demo', 'u', 'EXPIRED');
    while (silent.sockets.size === 0) await sleep(5);
    await sleep(100);

    const startedAt = performance.now();
    await sandbox.close();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    session.destroy();
    void Promise.all(calls);
    for (let waited = 0; waited < 5_000 && (silent.sockets.size > 0 || descriptors() > before); waited += 20)
      await sleep(20);
    expect(silent.sockets.size).toBe(0);
    expect(descriptors()).toBeLessThanOrEqual(before);
  });
});

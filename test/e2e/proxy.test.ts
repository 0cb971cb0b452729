import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { CERTIFICATE, type ProxiedEnvironment, proxiedEnvironment } from './support/https-proxy.ts';
import { launch } from './support/program.ts';

let upstream: Server;
let sandbox: Sandbox;
let environment: ProxiedEnvironment;

beforeAll(async () => {
  upstream = createServer((_request, response) => response.end('{"ok":true}'));
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  sandbox = await startSandbox({
    config: {
      connectors: [
        {
          display_name: 'Rest',
          description: 'A REST API',
          proxy_url: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
          proxy_enabled: true,
          auth_patterns: [
            {
              type: 'BEARER',
              display_name: 'Token',
              description: 'Token',
              fields: [{ field_name: 'token', label: 'Token' }],
            },
          ],
        },
      ],
      connections: [{ name: 'rest', connector: 'rest' }],
      accounts: [
        { connection: 'rest', identifier: 'user_1', credentials: { token: 'tok_proxied_0123456789' } },
      ],
    },
  });
  environment = await proxiedEnvironment(sandbox.port);
});

afterAll(async () => {
  environment.close();
  await sandbox.close();
  upstream.closeAllConnections();
  upstream.close();
});

function run(argv: string[], more: Record<string, string> = {}) {
  const env = {
    ...sandbox.env,
    SCALEKIT_ENV_URL: environment.envUrl,
    HTTPS_PROXY: environment.proxyUrl,
    NODE_EXTRA_CA_CERTS: CERTIFICATE,
    SK_CONNECT_NO_TOKEN_CACHE: '1',
    ...more,
  };
  return launch(argv, { env }).ended;
}

describe('behind HTTPS_PROXY', () => {
  it('gRPC and proxied calls both go through it', async () => {
    environment.tunnels.length = 0;
    const result = await run(['request', '/v1/x', '-c', 'rest', '-i', 'user_1']);
    expect(result).toMatchObject({ code: 0, stdout: '{"ok":true}', stderr: '' });
    // The sign-in, gRPC and the proxied call.
    expect(environment.tunnels.length).toBeGreaterThanOrEqual(3);
    expect(new Set(environment.tunnels)).toEqual(new Set(['environment.test:443']));
  });

  it('a proxy that refuses is told, at once and without its password', async () => {
    const proxyUrl = environment.proxyUrl.replace('opensesame', 'wrongpass');
    const result = await run(['connections'], { HTTPS_PROXY: proxyUrl });
    expect(result.code).toBe(6);
    expect(result.stderr).toContain('asks who is there (HTTP 407)');
    expect(result.stderr).not.toContain('wrongpass');
  });

  it('NO_PROXY leaves it out', async () => {
    environment.tunnels.length = 0;
    const result = await run(['connections'], { NO_PROXY: 'environment.test' });
    expect(result.code).toBe(6);
    expect(environment.tunnels).toEqual([]);
  });
});

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { completeConsent } from '../../../src/sandbox/demo/consent.ts';
import { type DemoProviders, startDemoProviders } from '../../../src/sandbox/demo/providers.ts';

let providers: DemoProviders | undefined;

afterEach(async () => {
  await providers?.close();
  providers = undefined;
});

async function start(): Promise<DemoProviders> {
  providers = await startDemoProviders();
  return providers;
}

describe('config', () => {
  it('has three connectors and their connections', async () => {
    const { config, origins } = await start();
    expect(config.connectors.map(({ display_name, proxy_url }) => [display_name, proxy_url])).toEqual([
      ['Demo Notes', origins.notes],
      ['Demo Weather', origins.weather],
      ['Demo Docs', `${origins.docs}/mcp`],
    ]);
    expect(config.connections).toMatchObject([
      { name: 'notes-demo', connector: 'demo-notes', oauth: { scopes: ['notes:read', 'notes:write'] } },
      { name: 'weather-demo', connector: 'demo-weather' },
      { name: 'docs-demo', connector: 'demo-docs' },
    ]);
  });

  it('leads to the authorization server that it names', async () => {
    const { config } = await start();
    const { oauth_config } = config.connectors[0]?.auth_patterns[0] ?? {};
    const link = new URL(oauth_config?.authorize_uri ?? '');
    link.search = new URLSearchParams({
      client_id: config.connections[0]?.oauth?.client_id ?? '',
      redirect_uri: 'http://127.0.0.1:1/sso/v1/oauth/notes-demo/callback',
      response_type: 'code',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }).toString();
    const response = await fetch(link, { redirect: 'manual' });
    expect(response.headers.get('location')).toMatch(/^\/interaction\//);
    expect((await fetch(oauth_config?.token_uri ?? '', { method: 'POST' })).status).toBe(400);
  });

  it("has the weather API's key among no connector's data", async () => {
    const { config, weatherApiKey, origins } = await start();
    const headers = { 'x-api-key': weatherApiKey };
    expect((await fetch(`${origins.weather}/v1/forecast?city=Oslo`, { headers })).status).toBe(200);
    expect(JSON.stringify(config)).not.toContain(weatherApiKey);
  });

  it('has secrets of its own at every start', async () => {
    const first = await start();
    const second = await startDemoProviders();
    await second.close();
    expect(second.weatherApiKey).not.toBe(first.weatherApiKey);
    expect(second.config.connections[0]?.oauth?.client_secret).not.toBe(
      first.config.connections[0]?.oauth?.client_secret,
    );
  });
});

describe('close', () => {
  it('frees the ports and cuts idle and busy connections', async () => {
    const demo = await start();
    const { origins } = demo;
    const ports = Object.values(origins).map((origin) => Number(new URL(origin).port));
    const sockets = ports.map((port) => connect(port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    for (const socket of sockets)
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
    await Promise.all(Object.values(origins).map(async (origin) => (await fetch(origin)).arrayBuffer()));
    const ended = sockets.map((socket) => once(socket.on('error', () => {}).resume(), 'close'));
    const before = performance.now();
    await demo.close();
    expect(performance.now() - before).toBeLessThan(500);
    await Promise.all(ended);
    for (const port of ports) {
      const server = createServer().listen(port, '127.0.0.1');
      await once(server, 'listening');
      server.close();
    }
  });

  it('may be called twice', async () => {
    const demo = await start();
    await demo.close();
    await expect(demo.close()).resolves.toBeUndefined();
  });

  it('leaves nothing to connect to', async () => {
    const demo = await start();
    const { origins } = demo;
    await demo.close();
    await expect(completeConsent(origins.authorization)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

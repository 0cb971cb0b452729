import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';
import { accessToken, connector, oneConnection, sandboxWith, sdkOf } from './support/sandbox.ts';
import { recorder, upstream } from './support/upstream.ts';

const ACCOUNT = { connection: 'demo', identifier: 'u', credentials: { token: 't' } };

/** A proxied call to `https://HOST:PORT`, where the name resolves to what `answers` says, one answer after the other. */
async function call(proxyUrl: string, allow_hosts: string[], answers: string[][] = []) {
  const asked: string[] = [];
  const lookup: SandboxOptions['lookup'] = async (hostname) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const config: SandboxConfig = oneConnection({ proxy_url: proxyUrl }, { accounts: [ACCOUNT], allow_hosts });
  const sandbox = await sandboxWith(config, { lookup });
  const headers = {
    authorization: `Bearer ${await accessToken(sandbox)}`,
    connection_name: 'demo',
    identifier: 'u',
  };
  const response = await fetch(`${sandbox.url}/proxy/x`, { headers, redirect: 'manual' });
  return { status: response.status, text: await response.text(), asked, sandbox, headers };
}

describe('a host that is not listed', () => {
  it.each(['https://api.github.com', 'https://93.184.215.14', 'https://10.0.0.1', 'https://169.254.169.254'])(
    '%s: refused with the line to add, and its name is not even resolved',
    async (proxyUrl) => {
      const { status, text, asked } = await call(proxyUrl, []);
      const { hostname } = new URL(proxyUrl);
      expect(status).toBe(400);
      expect(JSON.parse(text)).toMatchObject({
        code: 9,
        message: `${hostname} is not allowed: add it to allow_hosts in the sandbox's config:  allow_hosts: [${hostname}]`,
        details: [{ error_code: 'HOST_NOT_ALLOWED' }],
      });
      expect(asked).toEqual([]);
    },
  );

  it('a placeholder does not lead past it', async () => {
    const auth_patterns = [
      { type: 'BEARER' as const, fields: [{ field_name: 'token' }, { field_name: 'domain' }] },
    ];
    const config = oneConnection(
      { proxy_url: 'https://{{domain}}', auth_patterns },
      {
        accounts: [{ ...ACCOUNT, credentials: { token: 't', domain: '169.254.169.254' } }],
        allow_hosts: ['*.acme.example'],
      },
    );
    const sandbox = await sandboxWith(config);
    const authorization = `Bearer ${await accessToken(sandbox)}`;
    const headers = { authorization, connection_name: 'demo', identifier: 'u' };
    const response = await fetch(`${sandbox.url}/proxy/latest/meta-data`, { headers });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('169.254.169.254 is not allowed');
  });

  it('an MCP server, told through the SDK', async () => {
    const config = oneConnection(
      { proxy_url: 'https://mcp.acme.example/mcp', auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }] },
      { accounts: [{ connection: 'demo', identifier: 'u', status: 'ACTIVE' }] },
    );
    const sdk = sdkOf(await sandboxWith(config));
    const executing = sdk.actions.executeTool({ toolName: 'c-demo_x', identifier: 'u', toolInput: {} });
    await expect(executing).rejects.toThrow('allow_hosts: [mcp.acme.example]');
  });

  it('a token endpoint: the page says so before the browser is sent to the provider', async () => {
    const auth_patterns = [
      {
        type: 'OAUTH' as const,
        oauth_config: {
          authorize_uri: 'https://acme.example/authorize',
          token_uri: 'https://id.acme.example/token',
        },
      },
    ];
    const config: SandboxConfig = {
      connectors: [connector({ auth_patterns })],
      connections: [{ name: 'demo', connector: 'demo', oauth: { client_id: 'c' } }],
    };
    const sandbox = await sandboxWith(config);
    const sdk = sdkOf(sandbox);
    await sdk.actions.getOrCreateConnectedAccount({ connectionName: 'demo', identifier: 'u' });
    const { link } = await sdk.actions.getAuthorizationLink({ connectionName: 'demo', identifier: 'u' });
    const page = await fetch(link, { redirect: 'manual' });
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('allow_hosts: [id.acme.example]');
  });

  it('a token endpoint when a token has run out: the config is told to be wrong, not the account', async () => {
    const auth_patterns = [
      {
        type: 'OAUTH' as const,
        oauth_config: { authorize_uri: 'https://acme.example/a', token_uri: 'https://id.acme.example/token' },
      },
    ];
    const sandbox = await sandboxWith({
      connectors: [connector({ proxy_url: 'http://127.0.0.1:1', auth_patterns })],
      connections: [{ name: 'demo', connector: 'demo', oauth: { client_id: 'c' } }],
      accounts: [{ ...ACCOUNT, credentials: { access_token: 'a', refresh_token: 'r', expires_in: 1 } }],
    });
    const authorization = `Bearer ${await accessToken(sandbox)}`;
    sandbox.control.advanceClock(2);
    const response = await fetch(`${sandbox.url}/proxy/x`, {
      headers: { authorization, connection_name: 'demo', identifier: 'u' },
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('allow_hosts: [id.acme.example]');
    expect(sandbox.control.accounts()[0]?.status).toBe('ACTIVE');
  });
});

describe('a host that is listed', () => {
  it.each([
    ['10.0.0.7'],
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['fd00:ec2::254'],
    ['::ffff:127.0.0.1'],
    ['100.64.0.1'],
    ['93.184.215.14', '10.0.0.7'],
  ])('is refused when its name leads to %s', async (...addresses) => {
    const { status, text } = await call('https://api.acme.example', ['api.acme.example'], [addresses]);
    const address = addresses.at(-1) ?? '';
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      message: expect.stringContaining(
        `api.acme.example resolves to ${address}, which is no public address and is not allowed: add it to allow_hosts`,
      ),
      details: [{ error_code: 'HOST_NOT_ALLOWED' }],
    });
  });

  it.each([
    [['*.acme.example', '127.0.0.1']],
    [['api.acme.example', '127.0.0.0/8']],
    [['api.acme.example', '127.0.0.1:PORT']],
    [['api.acme.example:PORT', '::ffff:127.0.0.1']],
  ])('is called at an address of the machine’s own when that is listed too: %j', async (entries) => {
    const { port, connections } = await notTls();
    const allowed = entries.map((entry) => entry.replace('PORT', String(port)));
    const { status, asked } = await call(`https://api.acme.example:${port}`, allowed, [['127.0.0.1']]);
    // It is no TLS that answers there.
    expect(status).toBe(502);
    expect(connections()).toBe(1);
    expect(asked).toEqual(['api.acme.example']);
  });

  it('is refused at an address that is listed for another port', async () => {
    const { port, connections } = await notTls();
    const url = `https://api.acme.example:${port}`;
    const { status } = await call(url, ['api.acme.example', '127.0.0.1:1'], [['127.0.0.1']]);
    expect([status, connections()]).toEqual([400, 0]);
  });

  it('is connected to at the very address that was checked: a second answer is not asked for', async () => {
    const { port, connections } = await notTls();
    const url = `https://rebind.acme.example:${port}`;
    const answers = [['127.0.0.2'], ['127.0.0.1']];
    const { asked } = await call(url, ['rebind.acme.example', '127.0.0.2'], answers);
    expect(asked).toHaveLength(1);
    expect(connections()).toBe(0);
  });

  it('is asked for anew with the next connection, and refused then', async () => {
    const { port } = await notTls();
    const url = `https://rebind.acme.example:${port}`;
    const first = await call(url, ['rebind.acme.example', '127.0.0.2'], [['127.0.0.2'], ['127.0.0.1']]);
    expect(first.status).toBe(502);
    const second = await fetch(`${first.sandbox.url}/proxy/x`, { headers: first.headers });
    expect(second.status).toBe(400);
    expect(await second.text()).toContain('resolves to 127.0.0.1');
  });

  it('that has no address, or whose resolver fails, is one that cannot be reached', async () => {
    expect(await call('https://none.acme.example', ['*.acme.example'], [[]])).toMatchObject({ status: 502 });
    const config = oneConnection(
      { proxy_url: 'https://none.acme.example' },
      { accounts: [ACCOUNT], allow_hosts: ['*.acme.example'] },
    );
    const lookup = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ENOTFOUND' }));
    const sandbox = await startSandbox({ config, lookup });
    onTestFinished(() => sandbox.close());
    const headers = {
      authorization: `Bearer ${await accessToken(sandbox)}`,
      connection_name: 'demo',
      identifier: 'u',
    };
    const response = await fetch(`${sandbox.url}/proxy/x`, { headers });
    expect(response.status).toBe(502);
    expect(await response.text()).toContain('ENOTFOUND');
  });
});

describe('loopback', () => {
  it('needs no entry, and `localhost` no resolver', async () => {
    const origin = await upstream((_request, response) => response.end('here'));
    const named = origin.replace('127.0.0.1', 'localhost');
    expect(await call(named, [], [['93.184.215.14']])).toMatchObject({
      status: 200,
      text: 'here',
      asked: [],
    });
  });
});

describe('redirects', () => {
  it('of a provider are passed through, wherever they lead', async () => {
    const other = await recorder('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    const origin = await upstream((_request, response) =>
      response.writeHead(307, { location: `${other.origin}/elsewhere` }).end(),
    );
    expect((await call(origin, [])).status).toBe(307);
    expect(other.connections).toBe(0);
  });

  it('of an MCP server are not followed', async () => {
    const other = await recorder('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    const origin = await upstream((_request, response) =>
      response.writeHead(307, { location: `${other.origin}/mcp` }).end(),
    );
    const config = oneConnection(
      { proxy_url: `${origin}/mcp`, auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }] },
      { accounts: [{ connection: 'demo', identifier: 'u', status: 'ACTIVE' }] },
    );
    const sdk = sdkOf(await sandboxWith(config));
    const executing = sdk.actions.executeTool({ toolName: 'c-demo_x', identifier: 'u', toolInput: {} });
    await expect(executing).rejects.toThrow('307');
    expect(other.connections).toBe(0);
  });

  it('of a token endpoint are not followed: the client secret goes nowhere else', async () => {
    const other = await recorder('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    const origin = await upstream((_request, response) =>
      response.writeHead(307, { location: `${other.origin}/token` }).end(),
    );
    const auth_patterns = [
      { type: 'OAUTH' as const, oauth_config: { authorize_uri: `${origin}/a`, token_uri: `${origin}/t` } },
    ];
    const config: SandboxConfig = {
      connectors: [connector({ proxy_url: origin, auth_patterns })],
      connections: [{ name: 'demo', connector: 'demo', oauth: { client_id: 'c', client_secret: 's' } }],
      accounts: [{ ...ACCOUNT, credentials: { access_token: 'a', refresh_token: 'r', expires_in: 1 } }],
    };
    const sandbox = await sandboxWith(config);
    const headers = {
      authorization: `Bearer ${await accessToken(sandbox)}`,
      connection_name: 'demo',
      identifier: 'u',
    };
    await fetch(`${sandbox.url}/proxy/x`, { headers, redirect: 'manual' });
    expect(other.connections).toBe(0);
  });
});

/** Ends whatever connection reaches it: that one did is what is asked. */
async function notTls() {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {}).once('data', () => socket.end('not TLS'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { port, connections: () => connections };
}

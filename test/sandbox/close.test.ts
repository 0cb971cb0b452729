import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'rolldown';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accessToken, connector, oneConnection, sandboxWith, signedInSdk } from './support/sandbox.ts';
import { signal } from './support/signal.ts';
import { upstream } from './support/upstream.ts';

const START = fileURLToPath(new URL('../../src/sandbox/start.ts', import.meta.url));

describe('close', () => {
  it('ends what is in flight, both sides, well within two seconds', async () => {
    const reached = signal();
    const providerClosed = signal();
    const origin = await upstream((incoming, response) => {
      incoming.socket.once('close', () => providerClosed.resolve());
      response.write('begun');
      reached.resolve();
    });
    const accounts = [{ connection: 'demo', identifier: 'u', credentials: { token: 't' } }];
    const sandbox = await sandboxWith(oneConnection({ proxy_url: origin }, { accounts }));
    const headers = {
      authorization: `Bearer ${await accessToken(sandbox)}`,
      connection_name: 'demo',
      identifier: 'u',
    };
    const clientClosed = signal();
    request(`${sandbox.url}/proxy/x`, { headers }, (response) => {
      response
        .resume()
        .once('error', () => {})
        .once('close', () => clientClosed.resolve());
    }).end();
    const session = connect(sandbox.url).on('error', () => {});
    await signedInSdk(sandbox);
    await reached.promise;

    const before = performance.now();
    await sandbox.close();
    await Promise.all([providerClosed.promise, clientClosed.promise]);
    if (!session.closed) await new Promise((resolve) => session.once('close', resolve));
    expect(performance.now() - before).toBeLessThan(2_000);
    await expect(fetch(sandbox.url)).rejects.toThrow('fetch failed');
  });

  it('can be called twice, and with `await using`', async () => {
    const sandbox = await sandboxWith(oneConnection());
    await Promise.all([sandbox.close(), sandbox[Symbol.asyncDispose]()]);
  });

  it('leaves nothing that keeps a process alive, and nothing was printed; bundled as well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sk-connect-close-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'sandbox.mjs');
    const output = { dir: folder, entryFileNames: 'sandbox.mjs', chunkFileNames: '[name].mjs' };
    await build({ input: START, platform: 'node', logLevel: 'silent', output: { ...output, format: 'esm' } });
    const config = oneConnection(
      { proxy_url: 'http://127.0.0.1:1' },
      {
        accounts: [{ connection: 'demo', identifier: 'u', credentials: { token: 't' } }],
      },
    );
    const program = `
      import { startSandbox } from ${JSON.stringify(file)};
      const sandboxes = await Promise.all([1, 2].map(() => startSandbox({ config: ${JSON.stringify(config)} })));
      const [{ url, env, close }] = sandboxes;
      const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: env.SCALEKIT_CLIENT_ID, client_secret: env.SCALEKIT_CLIENT_SECRET });
      const { access_token } = await (await fetch(url + '/oauth/token', { method: 'POST', body: form })).json();
      const headers = { authorization: 'Bearer ' + access_token, connection_name: 'demo', identifier: 'u' };
      const { status } = await fetch(url + '/proxy/x', { headers });
      if (status !== 502) throw new Error('status ' + status);
      await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
    `;
    const run = promisify(execFile)(globalThis.process.execPath, ['--input-type=module', '-e', program], {
      timeout: 10_000,
    });
    expect(await run).toEqual({ stdout: '', stderr: '' });
  });

  it('many live side by side and know nothing of each other', async () => {
    const configs = ['A', 'B', 'C'].map((display_name) => ({
      connectors: [connector({ display_name })],
      connections: [{ name: 'same', connector: display_name.toLowerCase() }],
    }));
    const sandboxes = await Promise.all(configs.map((config) => sandboxWith(config)));
    expect(new Set(sandboxes.map(({ port }) => port)).size).toBe(3);
    for (const [index, sandbox] of sandboxes.entries()) {
      const { connections } = await (await signedInSdk(sandbox)).actions.listConnections();
      expect(connections.map(({ provider }) => provider)).toEqual([['a', 'b', 'c'][index]]);
    }
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'rolldown';
import { expect, it, onTestFinished } from 'vitest';
import { oneConnection } from '../support/sandbox.ts';

const START = fileURLToPath(new URL('../../../src/sandbox/start.ts', import.meta.url));

it('a fault that waits for nobody any more keeps no process alive', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sk-connect-faults-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'sandbox.mjs');
  const output = { dir: folder, entryFileNames: 'sandbox.mjs', chunkFileNames: '[name].mjs' };
  await build({ input: START, platform: 'node', logLevel: 'silent', output: { ...output, format: 'esm' } });
  const accounts = [{ connection: 'demo', identifier: 'u', credentials: { token: 't' } }];
  const config = {
    ...oneConnection({ proxy_url: 'http://127.0.0.1:1' }, { accounts }),
    faults: [
      { match: { path: '/late' }, effect: { latency_ms: 3_600_000 } },
      { match: { path: '/slow' }, effect: { status: 200, body: 'x'.repeat(1000), bytes_per_second: 1 } },
      { match: { kind: 'rest' }, effect: { latency_ms: 3_600_000 } },
    ],
  };
  const program = `
    import { startSandbox } from ${JSON.stringify(file)};
    const sandbox = await startSandbox({ config: ${JSON.stringify(config)} });
    const { url, env, control } = sandbox;
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: env.SCALEKIT_CLIENT_ID, client_secret: env.SCALEKIT_CLIENT_SECRET });
    const { access_token } = await (await fetch(url + '/oauth/token', { method: 'POST', body: form })).json();
    const headers = { authorization: 'Bearer ' + access_token, connection_name: 'demo', identifier: 'u' };
    const paths = ['/proxy/late', '/proxy/slow', '/api/v1/connected_accounts'];
    const calls = paths.map((path) => fetch(url + path, { headers }).then((response) => response.text()).catch(() => {}));
    while (control.faults().some(({ hits }) => hits === 0)) await new Promise((next) => setTimeout(next, 10));
    await sandbox.close();
    await Promise.all(calls);
  `;
  const args = ['--input-type=module', '-e', program];
  expect(await promisify(execFile)(process.execPath, args, { timeout: 10_000 })).toEqual({
    stdout: '',
    stderr: '',
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'demo-bundle-'));

/** Uses every server, also in ways that fail, and stops in the middle of a request. */
const program = String.raw`
const { createHash } = require('node:crypto');
const { connect } = require('node:net');
const { startDemoProviders } = require('./providers.cjs');
const { completeConsent } = require('./consent.cjs');
async function main() {
  const { config, origins, close } = await startDemoProviders();
  const { client_id, client_secret } = config.connections[0].oauth;
  const redirect_uri = origins.docs + '/sso/v1/oauth/notes-demo/callback';
  const verifier = 'v'.repeat(43);
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  const query = { client_id, redirect_uri, response_type: 'code', scope: 'openid notes:read',
    code_challenge, code_challenge_method: 'S256' };
  const link = origins.authorization + '/auth?' + new URLSearchParams(query);
  const end = await completeConsent(link);
  const tokens = async (parameters, headers = {}) => {
    const body = new URLSearchParams({ ...parameters, client_id, client_secret });
    const response = await fetch(origins.authorization + '/token', { method: 'POST', headers, body });
    return response.json();
  };
  const code = new URL(end.url).searchParams.get('code');
  const { refresh_token } = await tokens({
    grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier });
  const { access_token } = await tokens({ grant_type: 'refresh_token', refresh_token });
  if (!access_token) throw new Error('no tokens');
  await tokens({ grant_type: 'refresh_token', refresh_token }, { origin: 'http://127.0.0.1' });
  await completeConsent(link.replace('client_id', 'nobody'));
  const mcp = { method: 'POST', body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' } };
  if ((await fetch(origins.docs + '/mcp', mcp)).status !== 200) throw new Error('no tools');
  for (const origin of Object.values(origins)) {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const headers = { origin: 'http://127.0.0.1', authorization: 'Bearer e30.e30.e30' };
      await (await fetch(origin + '/%E0%A4%A', { method, headers })).text();
      await (await fetch(origin + '/token', { method, headers })).text();
      await (await fetch(origin + '/v1/notes', { method, headers })).text();
    }
  }
  const half = 'POST /token HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n' +
    'content-type: application/x-www-form-urlencoded\r\n\r\nhalf';
  const socket = connect(new URL(origins.authorization).port, '127.0.0.1').end(half).resume();
  socket.on('error', () => {});
  const busy = fetch(origins.docs + '/mcp', { ...mcp, duplex: 'half',
    body: new ReadableStream({ start: (c) => c.enqueue(new TextEncoder().encode('{')) }) });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await close();
  await busy.then(() => { throw new Error('not cut'); }, () => {});
}
main().catch((error) => { process.exitCode = 1; console.error(error); });
`;

beforeAll(async () => {
  const demo = fileURLToPath(new URL('../../../src/sandbox/demo/', import.meta.url));
  const bundle = await rolldown({
    input: { providers: join(demo, 'providers.ts'), consent: join(demo, 'consent.ts') },
    platform: 'node',
    logLevel: 'silent',
  });
  await bundle.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
  });
  await bundle.close();
  writeFileSync(join(folder, 'main.cjs'), program);
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('runs from a bundle alone, prints nothing and lets the process end', () => {
  const result = spawnSync(process.execPath, ['main.cjs'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 15_000,
    env: { PATH: process.env['PATH'] },
  });
  expect(result).toMatchObject({ stdout: '', stderr: '', status: 0 });
}, 20_000);

// The sandbox of the load test, before the port that is given, in a process of its own. Tells of its memory and its file
// descriptors when it is asked, and how long it took to stop; a promise that nobody waits for ends it.
import { readdirSync, readFileSync } from 'node:fs';
import { startSandbox } from '../../dist/sandbox.js';
import { FAULTS, OAUTH_USERS, WORKERS } from './plan.js';

const upstream = `http://127.0.0.1:${process.argv[2]}`;
const token_uri = `${upstream}/token`;
const users = Array.from({ length: WORKERS }, (_, index) => `user_${index}`);
const connector = (display_name, path, pattern) => ({
  display_name,
  proxy_url: upstream + path,
  proxy_enabled: true,
  auth_patterns: [pattern],
});

const sandbox = await startSandbox({
  config: {
    environment: { refresh_ahead: 1 },
    connectors: [
      connector('Rest', '', { type: 'BEARER' }),
      connector('Oauth', '/oauth', {
        type: 'OAUTH',
        oauth_config: { authorize_uri: `${upstream}/authorize`, token_uri },
      }),
      connector('Mcp', '/mcp', { type: 'NO_AUTH', is_mcp: true }),
    ],
    connections: [
      { name: 'rest', connector: 'rest' },
      { name: 'oauth', connector: 'oauth', oauth: { client_id: 'load', client_secret: 'load-secret' } },
      { name: 'mcp', connector: 'mcp' },
    ],
    accounts: [
      { connection: 'rest', identifier: 'shared', credentials: { token: 'shared-token' } },
      ...users.map((identifier) => ({
        connection: 'rest',
        identifier,
        credentials: { token: `token-${identifier}` },
      })),
      ...users.map((identifier) => ({ connection: 'mcp', identifier, status: 'ACTIVE' })),
      ...Array.from({ length: OAUTH_USERS }, (_, index) => ({
        connection: 'oauth',
        identifier: `oauth_${index}`,
        credentials: { access_token: 'none', refresh_token: `refresh-${index}-0`, expires_in: 1 },
      })),
    ],
    faults: FAULTS,
  },
});
process.send({ env: sandbox.env });
process.on('message', (question) => void answer(question));
process.on('disconnect', () => process.exit());

async function answer({ stop }) {
  if (!stop) {
    globalThis.gc?.();
    process.send({ descriptors: descriptors(), memoryMiB: memoryMiB('VmRSS'), peakMiB: memoryMiB('VmHWM') });
    return;
  }
  const startedAt = performance.now();
  await sandbox.close();
  process.send({ stoppedInMs: performance.now() - startedAt, descriptors: descriptors() });
  // Nothing of the sandbox may keep the process alive.
  process.removeAllListeners('disconnect');
  process.disconnect();
}

function memoryMiB(name) {
  return (
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1]) /
    1024
  );
}

function descriptors() {
  return readdirSync('/proc/self/fd').length;
}

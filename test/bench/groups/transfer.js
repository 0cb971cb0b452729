import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measureTogether } from '../measure.js';
import { startServers } from '../servers/start.js';
import { header, memoryRow, row } from './row.js';

const BYTES = Number(process.env.BENCH_TRANSFER_BYTES ?? 1024 ** 3);
const OCTETS = 'content-type: application/octet-stream';

/** A big file down and up, against curl through the same sandbox; the sandbox and the provider are processes of their own. */
export async function measureTransfers({ cli, folder, env: base, runs }) {
  const servers = await startServers();
  const count = runs(5);
  const env = { ...base, ...servers.env, SCALEKIT_CONNECTION_NAME: 'rest' };
  const received = join(folder, 'received.bin');
  const big = join(folder, 'big.bin');
  const small = join(folder, 'small.bin');
  await writeFile(small, 'x');
  await writeFile(big, '');
  await truncate(big, BYTES);
  const request = (...args) => ({ name: 'request', args: [cli, 'request', ...args], env });
  const token = await servers.token();
  const curl = (...args) => ({
    name: 'curl',
    command: 'curl',
    args: ['-sS', '--fail', '-H', `authorization: Bearer ${token}`, '-H', 'connection_name: rest', ...args],
    env,
  });
  const proxied = (path) => ['-H', 'identifier: user_123', `${servers.env.SCALEKIT_ENV_URL}/proxy${path}`];
  try {
    return {
      header,
      rows: [
        ...(await compare(
          'down to a file',
          [
            request('/bytes/1', '--output', received, '--quiet'),
            request(`/bytes/${BYTES}`, '--output', received, '--quiet'),
            curl('-o', received, ...proxied(`/bytes/${BYTES}`)),
          ],
          count,
        )),
        ...(await compare(
          'up from a file',
          [
            request('/count', '-d', `@${small}`, '-H', OCTETS),
            request('/count', '-d', `@${big}`, '-H', OCTETS),
            // --data-binary would read all of it first.
            curl('-X', 'POST', '-T', big, '-H', OCTETS, '-H', 'expect:', ...proxied('/count')),
          ],
          count,
        )),
      ],
    };
  } finally {
    servers.close();
    await rm(received, { force: true });
    await rm(big, { force: true });
  }
}

async function compare(direction, programs, runs) {
  const [idle, ours, curl] = await measureTogether(programs, runs);
  const size = BYTES === 1024 ** 3 ? '1 GiB' : `${BYTES} bytes`;
  const title = `${size} ${direction}`;
  const rate = ({ timeMs }) => BYTES / 1024 ** 2 / (timeMs / 1000);
  return [
    memoryRow(title, ours, idle, 64),
    row(`${title}: throughput`, {
      measured: `${rate(ours).toFixed(0)} MiB/s`,
      against: `${rate(curl).toFixed(0)} MiB/s with curl`,
      value: rate(ours) / rate(curl),
      limit: 0.5,
      unit: '×',
      hasToReach: true,
    }),
  ];
}

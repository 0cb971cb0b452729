import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ScalekitClient } from '@scalekit-sdk/node';
import { measureDifference, median } from '../measure.js';
import { startAccountServer, startGateways, startToolServers } from '../servers/start.js';
import { header, row } from './row.js';

const BYTES = Number(process.env.BENCH_TRANSFER_BYTES ?? 1024 ** 3);
const PIECE = Buffer.alloc(256 * 1024, 'sk-connect');
const PAGE_SIZE = 100;

/** What it costs that there is a sandbox between a client and a provider, and how far its lists go. */
export async function measureSandbox(bench) {
  return {
    header,
    rows: [
      ...(await measureStart(bench)),
      await measureThroughput(bench),
      ...(await measureTransfers()),
      ...(await measureLists(bench)),
    ],
  };
}

/** From the start of the process to the first RPC that is answered, with the demo's providers. */
async function measureStart({ cli, env, runs }) {
  const nothing = { args: ['-e', '0'], env };
  const start = {
    args: [cli, 'sandbox', 'start', '--json'],
    env: { ...env, SK_CONNECT_STATE_DIR: env.HOME },
    isSandbox: true,
  };
  const { firstMs, secondMs, differenceMs } = await measureDifference(
    [nothing, start],
    runs(11),
    firstAnswer,
  );
  return [
    row('sandbox start: to the first answered call', {
      measured: `${secondMs.toFixed(0)} ms`,
      against: `${firstMs.toFixed(0)} ms of node -e 0`,
      value: differenceMs,
      limit: 500,
      unit: 'ms',
    }),
  ];
}

async function firstAnswer({ args, env, isSandbox = false }) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  if (isSandbox) {
    const { SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET } = (await document(child.stdout))
      .env;
    const scalekit = new ScalekitClient(SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET);
    await scalekit.actions.listConnections();
  } else await closed;
  const timeMs = performance.now() - startedAt;
  child.kill('SIGTERM');
  await closed;
  return { timeMs };
}

async function document(stream) {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    if (text.endsWith('}\n')) break;
  }
  return JSON.parse(text);
}

/** Small answers by 50 connections, through the sandbox and through a bare pass-through by turns. */
async function measureThroughput({ runs }) {
  const gateways = await startGateways();
  const { proxied, bare } = gateways;
  try {
    const rates = { proxied: [], bare: [] };
    // The first turn warms both up.
    for (let turn = -1; turn < runs(5); turn++) {
      const through = await gateways.rate(proxied, '/json/500', 2);
      const passed = await gateways.rate(bare, '/json/500', 2);
      if (turn < 0) continue;
      rates.proxied.push(through);
      rates.bare.push(passed);
    }
    return row('proxied GETs, 50 connections', {
      measured: `${median(rates.proxied).toFixed(0)} a second`,
      against: `${median(rates.bare).toFixed(0)} behind a bare undici pass-through`,
      value: median(rates.proxied.map((rate, turn) => rate / rates.bare[turn])),
      limit: 0.5,
      unit: '×',
      hasToReach: true,
    });
  } finally {
    gateways.close();
  }
}

/** A sandbox of its own for each direction, whose memory is compared with what it was after some small calls. */
async function measureTransfers() {
  const size = BYTES === 1024 ** 3 ? '1 GiB' : `${BYTES} bytes`;
  const directions = [
    { title: `${size} down through the proxy`, transfer: download },
    { title: `${size} up through the proxy`, transfer: upload },
  ];
  const rows = [];
  for (const { title, transfer } of directions) {
    const gateways = await startGateways();
    try {
      for (let count = 0; count < 20; count++) await transfer(gateways.proxied, 1000);
      const before = await gateways.peakMiB();
      const startedAt = performance.now();
      await transfer(gateways.proxied, BYTES);
      const rate = BYTES / 1024 ** 2 / ((performance.now() - startedAt) / 1000);
      const after = await gateways.peakMiB();
      rows.push(
        row(`${title}: memory of the sandbox`, {
          measured: `${after.toFixed(0)} MiB, at ${rate.toFixed(0)} MiB/s`,
          against: `${before.toFixed(0)} MiB before`,
          value: after - before,
          limit: 64,
          unit: 'MiB',
        }),
      );
    } finally {
      gateways.close();
    }
  }
  return rows;
}

async function download({ url, headers }, bytes) {
  const call = request(`${url}/bytes/${bytes}`, { headers }).end();
  const [response] = await once(call, 'response');
  let received = 0;
  for await (const chunk of response) received += chunk.length;
  if (received !== bytes) throw new Error(`${received} of ${bytes} bytes arrived`);
}

async function upload({ url, headers }, bytes) {
  const call = request(`${url}/count`, { method: 'POST', headers: { ...headers, 'content-length': bytes } });
  const answered = once(call, 'response');
  await pipeline(Readable.from(pieces(bytes), { objectMode: false }), call);
  const [response] = await answered;
  const { bytes: received } = JSON.parse((await response.toArray()).join(''));
  if (received !== bytes) throw new Error(`${received} of ${bytes} bytes arrived`);
}

function* pieces(bytes) {
  for (let left = bytes; left > 0; left -= PIECE.length)
    yield PIECE.subarray(0, Math.min(left, PIECE.length));
}

/** Walks through long lists: what the last pages take, against the first ones. */
async function measureLists({ runs }) {
  const accounts = await startAccountServer();
  const tools = await startToolServers();
  try {
    return [
      await compareEnds('10,000 accounts listed', accounts.env, runs(7), (scalekit, pageToken) =>
        scalekit.connectedAccounts.listConnectedAccounts({ pageSize: PAGE_SIZE, pageToken }),
      ),
      await compareEnds('16,000 tools listed', tools.env, runs(7), (scalekit, pageToken) =>
        scalekit.tools.listScopedTools('user_123', {
          filter: { connectionNames: ['many'] },
          pageSize: PAGE_SIZE,
          pageToken,
        }),
      ),
    ];
  } finally {
    accounts.close();
    tools.close();
  }
}

async function compareEnds(title, env, walks, page) {
  const { SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET } = env;
  const scalekit = new ScalekitClient(SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET);
  const ends = { first: [], last: [] };
  for (let walk = -1; walk < walks; walk++) {
    const times = [];
    let pageToken = '';
    do {
      const startedAt = performance.now();
      const { nextPageToken } = await page(scalekit, pageToken);
      times.push(performance.now() - startedAt);
      pageToken = nextPageToken;
    } while (pageToken !== '');
    if (walk < 0) continue;
    const tenth = Math.ceil(times.length / 10);
    ends.first.push(...times.slice(0, tenth));
    ends.last.push(...times.slice(-tenth));
  }
  return row(`${title}: a page of ${PAGE_SIZE} at the end`, {
    measured: `${median(ends.last).toFixed(1)} ms`,
    against: `${median(ends.first).toFixed(1)} ms at the beginning`,
    value: median(ends.last) / median(ends.first),
    limit: 1.3,
    unit: '×',
  });
}

import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { measureDifference, measureTogether } from '../measure.js';
import { startServers } from '../servers/start.js';
import { runOnTerminal } from '../terminal.js';
import { header, memoryRow, row } from './row.js';

const BYTES = 100_000_000;

/** What laying JSON out costs: much of it against jq, little of it against passing it on. */
export async function measureFormatting({ cli, folder, env: base, runs }) {
  const servers = await startServers();
  const env = { ...base, ...servers.env, SCALEKIT_CONNECTION_NAME: 'rest' };
  const file = join(folder, 'big.json');
  await pipeline(Readable.from(records(BYTES)), createWriteStream(file));
  const request = (...args) => ({ name: 'request', args: [cli, 'request', ...args], env });
  const big = [
    { ...request('/json/2000', '--pretty'), stdoutFile: join(folder, 'idle.json') },
    {
      ...request(`/file?path=${encodeURIComponent(file)}`, '--pretty'),
      stdoutFile: join(folder, 'out.json'),
    },
  ];
  const jq = { name: 'jq', command: 'jq', args: ['.', file], env, stdoutFile: '/dev/null' };
  const hasJq = isInstalled('jq');
  try {
    const [idle, ours, theirs] = await measureTogether(hasJq ? [...big, jq] : big, runs(3));
    const raw = request('/json/2000', '--raw');
    const inPipe = await measureDifference([raw, request('/json/2000', '--pretty')], runs(121));
    const shown = await measureDifference([raw, request('/json/2000')], runs(121), runOnTerminal);
    return {
      header,
      rows: [
        memoryRow('100 MB of JSON laid out', ours, idle, 128),
        hasJq ? againstJq(ours, theirs) : notCompared(ours),
        costRow('2 KB of JSON laid out in a pipe', inPipe),
        costRow('2 KB of JSON laid out on a terminal', shown),
      ],
    };
  } finally {
    servers.close();
    await rm(file, { force: true });
  }
}

const againstJq = (ours, jq) =>
  row('100 MB of JSON laid out: time', {
    measured: `${ours.timeMs.toFixed(0)} ms`,
    against: `${jq.timeMs.toFixed(0)} ms with jq .`,
    value: ours.timeMs / jq.timeMs,
    limit: 3,
    unit: '×',
  });

const notCompared = (ours) => ({
  isMissed: false,
  cells: [
    '100 MB of JSON laid out: time',
    `${ours.timeMs.toFixed(0)} ms`,
    'jq is not installed here',
    '',
    '≤ 3 ×',
  ],
});

const costRow = (title, { firstMs, secondMs, differenceMs }) =>
  row(title, {
    measured: `${secondMs.toFixed(1)} ms`,
    against: `${firstMs.toFixed(1)} ms with --raw`,
    value: differenceMs,
    limit: 5,
    unit: 'ms',
  });

/** A list of records as APIs answer with: text, escapes, numbers of every kind, nesting. */
function* records(bytes) {
  let written = 1;
  yield '[';
  for (let id = 0; written < bytes; id++) {
    const record = JSON.stringify({
      id,
      node_id: `MDEwOlJlcG9zaXRvcnk${id}`,
      name: `repository-${id}`,
      description: 'Says “hello”, and more than that:\n\t"quoted" text with \u0007 and 日本語',
      private: id % 3 === 0,
      owner: { login: 'octocat', id: id * 7, url: 'https://api.example.com/users/octocat', type: 'User' },
      size: id * 1.5,
      score: 1 / (id + 1),
      topics: ['api', 'cli', 'json'],
      license: null,
      permissions: { admin: false, push: true, pull: true },
    });
    const text = `${id === 0 ? '' : ','}${record}`;
    written += Buffer.byteLength(text);
    yield text;
  }
  yield ']';
}

function isInstalled(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// npm run bench [start-up|transfer|format|tools|sandbox]: medians of one run, against the limits that the product promises. Exits 1 where one is missed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureFormatting } from './groups/format.js';
import { measureSandbox } from './groups/sandbox.js';
import { measureStartUp } from './groups/start-up.js';
import { measureTools } from './groups/tools.js';
import { measureTransfers } from './groups/transfer.js';

const groups = {
  'start-up': measureStartUp,
  transfer: measureTransfers,
  format: measureFormatting,
  tools: measureTools,
  sandbox: measureSandbox,
};
const only = process.argv[2] ?? process.env.BENCH_ONLY;
const chosen = only === undefined ? Object.values(groups) : [groups[only]];
if (chosen.includes(undefined)) throw new Error(`${only} is none of ${Object.keys(groups).join(', ')}`);

const folder = await mkdtemp(join(tmpdir(), 'sk-connect-bench-'));
const bench = {
  cli: fileURLToPath(new URL('../../dist/sk-connect.cjs', import.meta.url)),
  folder,
  env: {
    PATH: process.env.PATH,
    HOME: folder,
    SK_CONNECT_CACHE_DIR: folder,
    SCALEKIT_IDENTIFIER: 'user_123',
  },
  runs: (usual) => Number(process.env.BENCH_RUNS ?? usual),
};
const tables = [];
try {
  for (const measure of chosen) tables.push(await measure(bench));
} finally {
  await rm(folder, { recursive: true, force: true });
}

console.log(`\nNode ${process.version}, ${process.platform}-${process.arch}; medians, taken in turns`);
for (const { header, rows } of tables) {
  console.log(`\n| ${header.join(' | ')} |\n|${header.map(() => '---').join('|')}|`);
  for (const { cells } of rows) console.log(`| ${cells.join(' | ')} |`);
}
const missed = tables.flatMap(({ rows }) => rows).filter(({ isMissed }) => isMissed);
if (missed.length > 0) {
  console.log(`\n${missed.length} over the limit: ${missed.map(({ cells }) => cells[0]).join('; ')}`);
  process.exitCode = 1;
}

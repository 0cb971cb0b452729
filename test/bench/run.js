// npm run bench: ratios of medians in one run, against the limits that the product promises. Exits 1 where one is missed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureTogether } from './measure.js';
import { startStage } from './stage.js';

const RUNS = Number(process.env.BENCH_RUNS ?? 21);
const cli = fileURLToPath(new URL('../../dist/sk-connect.cjs', import.meta.url));
const sample = (name) => fileURLToPath(new URL(`samples/${name}.js`, import.meta.url));

const cacheDir = await mkdtemp(join(tmpdir(), 'sk-connect-bench-'));
const stage = await startStage();
const env = {
  PATH: process.env.PATH,
  HOME: cacheDir,
  SK_CONNECT_CACHE_DIR: cacheDir,
  ...stage.env,
  SCALEKIT_IDENTIFIER: 'user_123',
};
const onRest = { ...env, SCALEKIT_CONNECTION_NAME: 'rest' };
const onMcp = { ...env, SCALEKIT_CONNECTION_NAME: 'mcp' };
const onMany = { ...env, SCALEKIT_CONNECTION_NAME: 'many' };

const rows = [];
try {
  const nothing = { name: 'node -e 0', args: ['-e', '0'], env };
  await compare(
    '--version',
    nothing,
    { name: 'sk-connect --version', args: [cli, '--version'], env },
    { time: 1.6 },
  );
  await compare('--help', nothing, { name: 'sk-connect --help', args: [cli, '--help'], env }, { time: 2 });

  const limits = { time: 0.6, memory: 0.85 };
  await compare('status', script('status', onRest), command(['status'], onRest), limits);
  await compare('request', script('request', onRest), command(['request', '/v1/customers'], onRest), limits);
  await compare('tools list', script('tools-list', onMcp), command(['tools', 'list'], onMcp), limits);
  await compare(
    'tools exec',
    script('tools-exec', onMcp),
    command(['tools', 'exec', 'c-mcp_echo', '-p', 'text=hello'], onMcp),
    limits,
  );
  await compare('tools list, 2,000 tools', script('tools-list', onMany), command(['tools', 'list'], onMany), {
    time: 1.2,
  });
} finally {
  await stage.close();
  await rm(cacheDir, { recursive: true, force: true });
}

const missed = rows.filter(({ isMissed }) => isMissed);
console.log(
  `\nNode ${process.version}, ${process.platform}-${process.arch}, medians of ${RUNS} runs each, taken in turns\n`,
);
console.log('| | against | time | ratio | limit | peak memory | ratio | limit |');
console.log('|---|---|---|---|---|---|---|---|');
for (const { line } of rows) console.log(line);
if (missed.length > 0) {
  console.log(`\n${missed.length} over the limit`);
  process.exitCode = 1;
}

function script(name, scriptEnv) {
  return { name: 'sample script', args: [sample(name)], env: scriptEnv };
}

function command(args, commandEnv) {
  return { name: `sk-connect ${args[0]}`, args: [cli, ...args], env: commandEnv };
}

async function compare(title, reference, candidate, limits) {
  const [base, ours] = await measureTogether([reference, candidate], RUNS);
  const time = ours.timeMs / base.timeMs;
  const memory = ours.memoryMiB / base.memoryMiB;
  const isMissed = time > limits.time || memory > (limits.memory ?? Number.POSITIVE_INFINITY);
  const cells = [
    title,
    reference.name,
    `${ours.timeMs.toFixed(0)} ms : ${base.timeMs.toFixed(0)} ms`,
    time.toFixed(2),
    `≤ ${limits.time}`,
    limits.memory === undefined ? '' : `${ours.memoryMiB.toFixed(0)} MiB : ${base.memoryMiB.toFixed(0)} MiB`,
    limits.memory === undefined ? '' : memory.toFixed(2),
    limits.memory === undefined ? '' : `≤ ${limits.memory}`,
  ];
  rows.push({ line: `| ${cells.join(' | ')} |`, isMissed });
  console.error(`${title}: ${time.toFixed(2)} × the time, ${memory.toFixed(2)} × the memory`);
}

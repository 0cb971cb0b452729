import { fileURLToPath } from 'node:url';
import { measureTogether } from '../measure.js';
import { startStage } from '../stage.js';

const sample = (name) => fileURLToPath(new URL(`../samples/${name}.js`, import.meta.url));

/** Whole invocations against the sample scripts of the starting pages, as ratios. */
export async function measureStartUp({ cli, env: base, runs }) {
  const stage = await startStage();
  const count = runs(21);
  const env = { ...base, ...stage.env };
  const on = (connection) => ({ ...env, SCALEKIT_CONNECTION_NAME: connection });
  const script = (name, scriptEnv) => ({ name: 'sample script', args: [sample(name)], env: scriptEnv });
  const command = (args, commandEnv) => ({
    name: `sk-connect ${args[0]}`,
    args: [cli, ...args],
    env: commandEnv,
  });
  const nothing = { name: 'node -e 0', args: ['-e', '0'], env };
  const limits = { time: 0.6, memory: 0.85 };
  const rows = [];
  try {
    rows.push(
      await compare('--version', nothing, command(['--version'], env), { time: 1.6 }, count),
      await compare('--help', nothing, command(['--help'], env), { time: 2 }, count),
      await compare('status', script('status', on('rest')), command(['status'], on('rest')), limits, count),
      await compare(
        'request',
        script('request', on('rest')),
        command(['request', '/v1/customers'], on('rest')),
        limits,
        count,
      ),
      await compare(
        'tools list',
        script('tools-list', on('mcp')),
        command(['tools', 'list'], on('mcp')),
        limits,
        count,
      ),
      await compare(
        'tools exec',
        script('tools-exec', on('mcp')),
        command(['tools', 'exec', 'c-mcp_echo', '-p', 'text=hello'], on('mcp')),
        limits,
        count,
      ),
      await compare(
        'tools list, 2,000 tools',
        script('tools-list', on('many')),
        command(['tools', 'list'], on('many')),
        { time: 1.2 },
        count,
      ),
    );
  } finally {
    await stage.close();
  }
  const header = [`${count} runs each`, 'against', 'time', 'ratio', 'limit', 'peak memory', 'ratio', 'limit'];
  return { header, rows };
}

async function compare(title, reference, candidate, limits, runs) {
  const [base, ours] = await measureTogether([reference, candidate], runs);
  const time = ours.timeMs / base.timeMs;
  const memory = ours.memoryMiB / base.memoryMiB;
  const memoryCells =
    limits.memory === undefined
      ? ['', '', '']
      : [
          `${ours.memoryMiB.toFixed(0)} MiB : ${base.memoryMiB.toFixed(0)} MiB`,
          memory.toFixed(2),
          `≤ ${limits.memory}`,
        ];
  console.error(`${title}: ${time.toFixed(2)} × the time, ${memory.toFixed(2)} × the memory`);
  return {
    isMissed: time > limits.time || memory > (limits.memory ?? Number.POSITIVE_INFINITY),
    cells: [
      title,
      reference.name,
      `${ours.timeMs.toFixed(0)} ms : ${base.timeMs.toFixed(0)} ms`,
      time.toFixed(2),
      `≤ ${limits.time}`,
      ...memoryCells,
    ],
  };
}

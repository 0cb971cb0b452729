import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const peakHook = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));

/**
 * Medians of many runs. A program is `args` for Node, or a `command` of another kind with its `args`; its stdout
 * goes to `stdoutFile` if it has one. What it needs to find as it should be is done by `prepare`, outside the time.
 */
export async function measureTogether(programs, runs) {
  const results = await inTurns(programs, runs, runOnce);
  return results.map((list) => ({
    timeMs: median(list.map(({ timeMs }) => timeMs)),
    firstMs: median(list.map(({ firstMs }) => firstMs)),
    memoryMiB: median(list.map(({ memoryMiB }) => memoryMiB)),
  }));
}

/** What the second program takes longer than the first, as the median of the differences within each turn. */
export async function measureDifference(programs, runs, measure = runOnce) {
  const [first, second] = await inTurns(programs, runs, measure);
  return {
    firstMs: median(first.map(({ timeMs }) => timeMs)),
    secondMs: median(second.map(({ timeMs }) => timeMs)),
    differenceMs: median(second.map(({ timeMs }, turn) => timeMs - first[turn].timeMs)),
  };
}

/** One after the other, so that a busy moment of the machine meets all of them; every other turn backwards. */
async function inTurns(programs, runs, measure) {
  const results = programs.map(() => []);
  for (let turn = -1; turn < runs; turn++) {
    const order = [...programs.keys()];
    for (const index of turn % 2 === 0 ? order : order.toReversed()) {
      await programs[index].prepare?.();
      const result = await measure(programs[index]);
      // The first turn warms the file cache and the token cache.
      if (turn >= 0) results[index].push(result);
    }
  }
  return results;
}

function runOnce({ command, args, env, name, stdoutFile }) {
  const stdout = stdoutFile === undefined ? 'pipe' : openSync(stdoutFile, 'w');
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(
      command ?? process.execPath,
      command === undefined ? ['--require', peakHook, ...args] : args,
      { env, stdio: ['ignore', stdout, 'pipe', 'pipe'] },
    );
    const [, out, errors, peak] = child.stdio.map((stream) => gather(stream));
    let firstMs;
    child.stdout?.once('data', () => {
      firstMs = performance.now() - startedAt;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const timeMs = performance.now() - startedAt;
      if (code !== 0) reject(new Error(`${name} ended with ${code}: ${errors()}${out().slice(0, 200)}`));
      resolve({ timeMs, firstMs, memoryMiB: Number(peak()) / 1024 });
    });
  }).finally(() => {
    if (stdoutFile !== undefined) closeSync(stdout);
  });
}

function gather(stream) {
  let text = '';
  stream?.on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

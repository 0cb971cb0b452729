import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const peakHook = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));

/** Runs the programs in turns, so that a busy moment of the machine meets all of them. Medians. */
export async function measureTogether(programs, runs) {
  const results = programs.map(() => []);
  for (let round = -1; round < runs; round++) {
    for (const [index, program] of programs.entries()) {
      const result = await runOnce(program);
      // The first round warms the file cache and the token cache.
      if (round >= 0) results[index].push(result);
    }
  }
  return results.map((list) => ({
    timeMs: median(list.map(({ timeMs }) => timeMs)),
    memoryMiB: median(list.map(({ memoryMiB }) => memoryMiB)),
  }));
}

function runOnce({ args, env, name }) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['--require', peakHook, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const [, out, errors, peak] = child.stdio.map((stream) => gather(stream));
    child.on('error', reject);
    child.on('close', (code) => {
      const timeMs = performance.now() - startedAt;
      if (code !== 0) reject(new Error(`${name} ended with ${code}: ${errors()}${out().slice(0, 200)}`));
      resolve({ timeMs, memoryMiB: Number(peak()) / 1024 });
    });
  });
}

function gather(stream) {
  let text = '';
  stream?.on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

import { spawn } from '@lydell/node-pty';
import { median } from './measure.js';

/** As `measureTogether`, with the programs on a pseudo-terminal; the times alone. */
export async function measureOnTerminal(programs, runs) {
  const times = programs.map(() => []);
  for (let round = -1; round < runs; round++) {
    for (const [index, program] of programs.entries()) {
      const timeMs = await runOnce(program);
      if (round >= 0) times[index].push(timeMs);
    }
  }
  return times.map((list) => ({ timeMs: median(list) }));
}

function runOnce({ args, env, name }) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const pty = spawn(process.execPath, args, { cols: 100, rows: 30, name: 'xterm-256color', env });
    let shown = '';
    pty.onData((text) => {
      shown += text;
    });
    pty.onExit(({ exitCode }) => {
      if (exitCode === 0) resolve(performance.now() - startedAt);
      else reject(new Error(`${name} ended with ${exitCode}: ${shown.slice(-200)}`));
    });
  });
}

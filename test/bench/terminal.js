import { spawn } from '@lydell/node-pty';

/** Runs a program on a pseudo-terminal. */
export function runOnTerminal({ args, env, name }) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const pty = spawn(process.execPath, args, { cols: 100, rows: 30, name: 'xterm-256color', env });
    let shown = '';
    pty.onData((text) => {
      shown += text;
    });
    pty.onExit(({ exitCode }) => {
      if (exitCode === 0) resolve({ timeMs: performance.now() - startedAt });
      else reject(new Error(`${name} ended with ${exitCode}: ${shown.slice(-200)}`));
    });
  });
}

import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { onTestFinished } from 'vitest';

/** A program of children/ as JavaScript, as Node 20 runs no TypeScript. Returns its path and how to remove it. */
export async function buildChild(source: URL) {
  const folder = await mkdtemp(join(tmpdir(), 'sk-connect-child-'));
  const input = fileURLToPath(source);
  const build = await rolldown({ input, platform: 'node', logLevel: 'silent' });
  await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: 'child.mjs',
    chunkFileNames: '[name].mjs',
  });
  await build.close();
  return {
    path: join(folder, 'child.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface RunningChild {
  process: ChildProcess;
  /** What it wrote when it ended by itself; rejects where it failed or had to be killed. */
  output: Promise<string>;
}

const MOST_MS = 15_000;

export function startChild(path: string, order: object, env: NodeJS.ProcessEnv = {}): RunningChild {
  const { NODE_EXTRA_CA_CERTS: _slow, NODE_OPTIONS: _options, ...inherited } = process.env;
  const child = fork(path, [JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...inherited, ...env },
    execArgv: [],
    timeout: MOST_MS,
    killSignal: 'SIGKILL',
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const output = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0 && stderr === '') resolve(stdout);
      else reject(new Error(`the child ended with ${code ?? signal}: ${stderr}`));
    });
  });
  return { process: child, output };
}

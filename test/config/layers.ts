import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { GlobalOptions } from '../../src/config/options.ts';
import { createSettings } from '../../src/config/settings.ts';
import type { Io } from '../../src/terminal/io.ts';

export type Variables = Record<string, string | undefined>;

/** Where a setting may come from. */
export interface Layers {
  flags?: GlobalOptions;
  env?: Variables;
  /** Content of the file that --env-file names. */
  file?: string;
  /** Content of ./.env. */
  dotEnv?: string;
}

/** An empty working folder, gone when the test is. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sk-connect-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function settingsOf({ flags = {}, env = {}, file, dotEnv }: Layers, folder?: string) {
  const cwd = folder ?? (await emptyFolder());
  if (dotEnv !== undefined) await writeFile(join(cwd, '.env'), dotEnv);
  if (file !== undefined) await writeFile(join(cwd, 'named.env'), file);
  const options = file === undefined ? flags : { envFile: 'named.env', ...flags };
  return createSettings(ioWith(env, cwd), options);
}

function ioWith(env: Variables, cwd: string): Io {
  return {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env,
    cwd,
    platform: 'linux',
    homeDir: cwd,
    interrupt: new AbortController().signal,
    pid: 1,
    signals: { take: () => () => {}, send: () => false },
  };
}

export const complete: Variables = {
  SCALEKIT_ENV_URL: 'https://env.example',
  SCALEKIT_CLIENT_ID: 'skc_env',
  SCALEKIT_CLIENT_SECRET: 'secret_env',
};

export function asFile(variables: Variables): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

import { isUtf8 } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { folders, run } from '../../commands/run.ts';
import { addSecret } from '../../commands/secrets.ts';
import type { WireCase } from './case.ts';
import { type Message, ok, render, TOKEN } from './message.ts';
import { type Recorder, startRecorder } from './recorder.ts';

export interface WireStage {
  recorder: Recorder;
  sandbox: Sandbox;
}

export const API_KEY = 'key_wire_90b1d24ce7';
export const PASSWORD = 'p:ä wire 77';

/** The recorder behind a sandbox, for one test file. */
export function useWire(): WireStage {
  const stage = {} as WireStage;
  beforeAll(async () => {
    const recorder = await startRecorder();
    const sandbox = await startSandbox({ config: config(recorder.port) });
    addSecret('the token of user_1 on wire', TOKEN);
    addSecret('the API key of user_1 on keyed', API_KEY);
    addSecret('the password of user_1 on basic', PASSWORD);
    addSecret('the client secret', sandbox.env.SCALEKIT_CLIENT_SECRET);
    Object.assign(stage, { recorder, sandbox } satisfies WireStage);
  });
  afterAll(async () => {
    await stage.sandbox.close();
    await stage.recorder.close();
  });
  return stage;
}

function config(port: number) {
  const connector = (display_name: string, pattern: object, more: object = {}) => ({
    display_name,
    proxy_url: `http://127.0.0.1:${port}/base`,
    proxy_enabled: true,
    auth_patterns: [pattern as { type: 'BEARER' }],
    ...more,
  });
  const account = (connection: string, credentials: Record<string, string>, more: object = {}) => ({
    connection,
    identifier: 'user_1',
    credentials,
    ...more,
  });
  return {
    connectors: [
      connector('Wire', { type: 'BEARER' }),
      connector('Keyed', { type: 'API_KEY', auth_header_key_override: 'X-API-Key' }),
      connector('Basic', { type: 'BASIC' }),
      connector('Off', { type: 'BEARER' }, { proxy_enabled: false }),
      // Port 1 (tcpmux) is nobody's.
      connector('Down', { type: 'BEARER' }, { proxy_url: 'http://127.0.0.1:1' }),
    ],
    connections: ['wire', 'keyed', 'basic', 'off', 'down'].map((name) => ({ name, connector: name })),
    accounts: [
      account('wire', { token: TOKEN }),
      account('keyed', { api_key: API_KEY }),
      account('basic', { username: 'ann', password: PASSWORD }),
      account('off', { token: TOKEN }),
      account('down', { token: TOKEN }),
      account('wire', { token: TOKEN }, { identifier: 'expired', status: 'EXPIRED' as const }),
    ],
  };
}

export interface Outcome {
  exitCode: number | null;
  stdout: Buffer;
  stderr: string;
}

export type Runner = (given: WireCase, cwd: string) => Promise<Outcome>;

/** In this process, through `main`. */
export const inProcess =
  ({ sandbox }: WireStage): Runner =>
  async (given, cwd) => {
    const { stdin, terminal, env } = given;
    const { exitCode, bytes, stderr } = await run(argvOf(given), {
      cwd,
      env: { ...sandbox.env, ...env },
      ...(stdin === undefined ? {} : { stdin }),
      ...(terminal === undefined ? {} : { terminal }),
    });
    return { exitCode, stdout: bytes, stderr };
  };

/** Plays a case and compares all of it. */
export async function check({ recorder }: WireStage, given: WireCase, runner: Runner): Promise<void> {
  const cwd = mkdtempSync(join(folders.cwd, 'case-'));
  for (const [name, content] of Object.entries(given.files ?? {})) await writeFile(join(cwd, name), content);
  const arriving = [given.arrives ?? []].flat();
  recorder.willAnswer([given.answers ?? arriving.map(() => ok())].flat());

  const outcome = await runner(given, cwd);

  expectArrived(recorder, arriving);
  expectPrinted('stdout', outcome.stdout, given.stdout ?? '');
  expectPrinted('stderr', Buffer.from(outcome.stderr), given.stderr ?? '');
  expect(outcome.exitCode).toBe(given.exitCode ?? 0);
  for (const [name, content] of Object.entries(given.leaves ?? {})) {
    const left = await readFile(join(cwd, name)).catch(() => null);
    expect(left && shown(left), name).toBe(content && shown(Buffer.from(content)));
  }
}

/** Split by the shell itself, as it would be typed. */
function argvOf({ typed, connection = 'wire', identifier = 'user_1' }: WireCase): string[] {
  const split = execFileSync('bash', ['--norc', '-c', `printf '%s\\0' ${typed}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  }).toString();
  return ['request', ...split.split('\0').slice(0, -1), '-c', connection, '-i', identifier];
}

function expectArrived({ recorded, port }: Recorder, arriving: readonly Message[]): void {
  const arrived = recorded.map(({ head, body }) => Buffer.concat([Buffer.from(head, 'latin1'), body]));
  const expected = arriving.map((message, index) =>
    render(message, port, boundaryOf(recorded[index]?.head ?? '')),
  );
  expect(arrived.map(shown)).toEqual(expected.map(shown));
}

function boundaryOf(head: string): string {
  return /^content-type: multipart\/[^;]+; boundary="?([^";\r]+)/im.exec(head)?.[1] ?? '{boundary}';
}

function expectPrinted(name: string, got: Buffer, expected: string | Uint8Array | RegExp): void {
  if (expected instanceof RegExp) expect(got.toString(), name).toMatch(expected);
  else expect(shown(got), name).toBe(shown(Buffer.from(expected)));
}

/** Bytes as text that differs where they differ. */
function shown(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : `not UTF-8: ${bytes.toString('latin1')}`;
}

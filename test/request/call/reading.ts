import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import type { SkConnectError } from '../../../src/errors.ts';
import type { ProxyCall } from '../../../src/scalekit/proxy-input.ts';
import type { Reading } from '../../../src/terminal/input.ts';
import type { Io } from '../../../src/terminal/io.ts';

/** A folder of this test file's own, gone when it is done. */
export const folder = mkdtempSync(join(tmpdir(), 'sk-connect-call-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a call is read from: the folder above and this stdin. */
export function readingOf(
  stdin: string | Uint8Array | Readable = '',
  platform: NodeJS.Platform = 'linux',
  signal = new AbortController().signal,
): Reading {
  const io: Io = {
    stdin: stdin instanceof Readable ? stdin : Readable.from([Buffer.from(stdin)]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    cwd: folder,
    platform,
    homeDir: folder,
    interrupt: signal,
    pid: 1,
    signals: { take: () => () => {}, send: () => false },
  };
  return { io, signal };
}

export async function bytesOf(body: ProxyCall['body']): Promise<Buffer> {
  if (body === undefined) throw new Error('there is no body');
  return body instanceof Uint8Array ? Buffer.from(body) : buffer(body.open());
}

/** The usage error that something ends with. */
export async function usageErrorOf(attempt: () => unknown): Promise<SkConnectError> {
  try {
    await attempt();
  } catch (error) {
    const { kind } = error as SkConnectError;
    if (kind === 'usage') return error as SkConnectError;
    throw error;
  }
  throw new Error('it was accepted');
}

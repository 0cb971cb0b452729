import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { afterAll, expect } from 'vitest';
import { main } from '../../src/main.ts';
import type { InputStream, Io, OutputStream } from '../../src/terminal/io.ts';
import { expectNoSecrets } from './secrets.ts';

export interface RunOptions {
  /** Added to nothing: the process environment stays out. `undefined` takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
  /** What stdin holds; reading it without that (or `isTyping`) fails the test. */
  stdin?: string | Uint8Array;
  /** stdin is what the test writes to `Running.stdin`. */
  isTyping?: boolean;
  /** Which streams say they are terminals; `true` for all three. */
  terminal?: true | readonly ('stdin' | 'stdout' | 'stderr')[];
  columns?: number;
  cwd?: string;
  /** For `sandbox start`, whose job is to print its client secret. */
  printsSecrets?: boolean;
  io?: Partial<Io>;
}

export interface Finished {
  exitCode: number;
  stdout: string;
  bytes: Buffer;
  stderr: string;
  /** stdout as the one JSON document that it has to be. */
  json(): unknown;
  /** The error document of `--json`: the last line of stderr. */
  error(): ErrorDocument;
}

export interface ErrorDocument {
  code: string;
  message: string;
  hint: string | null;
  exitCode: number;
  httpStatus?: number;
  details?: unknown;
}

export interface Running {
  finished: Promise<Finished>;
  stdin: PassThrough;
  /** Resolves once stderr (or stdout) holds a match; rejects when the invocation ends without one. */
  says(pattern: RegExp, stream?: 'stderr' | 'stdout'): Promise<RegExpMatchArray>;
  /** What Ctrl-C does. */
  interrupt(): void;
}

const home = mkdtempSync(join(tmpdir(), 'sk-connect-commands-'));
/** The folders of this test file's invocations, gone when it is done. */
export const folders = {
  home,
  cwd: join(home, 'work'),
  cache: join(home, 'cache'),
  state: join(home, 'state'),
};
mkdirSync(folders.cwd);
afterAll(() => rmSync(home, { recursive: true, force: true }));

export function run(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return start(argv, options).finished;
}

/** One invocation of the program in this process, through `main`. */
export function start(argv: readonly string[], options: RunOptions = {}): Running {
  const interruption = new AbortController();
  const isTerminal = (name: 'stdin' | 'stdout' | 'stderr') =>
    options.terminal === true || (options.terminal?.includes(name) ?? false);
  const stdout = capture(isTerminal('stdout'), options.columns);
  const stderr = capture(isTerminal('stderr'), options.columns);
  const typed = new PassThrough();
  const stdin = stdinOf(options, typed);
  const io: Io = {
    stdin: Object.assign(stdin.stream, { isTTY: isTerminal('stdin') }),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { SK_CONNECT_CACHE_DIR: folders.cache, SK_CONNECT_STATE_DIR: folders.state, ...options.env },
    cwd: options.cwd ?? folders.cwd,
    platform: process.platform,
    homeDir: home,
    interrupt: interruption.signal,
    pid: process.pid,
    signals: { take: () => () => {}, send: () => false },
    ...options.io,
  };
  let isOver = false;
  const finished = (async () => {
    const exitCode = await main(argv, io);
    isOver = true;
    stdout.changed();
    stderr.changed();
    const result = { exitCode, bytes: stdout.bytes(), stdout: stdout.text(), stderr: stderr.text() };
    expect(stdin.wasRead(), 'stdin was read').toBe(false);
    if (!options.printsSecrets) expectNoSecrets(argv, [result.stdout, result.stderr]);
    return {
      ...result,
      json: () => JSON.parse(result.stdout) as unknown,
      error: () => errorDocument(result.stderr),
    };
  })();
  // Told by whoever awaits it.
  finished.catch(() => {});

  const says = async (pattern: RegExp, name: 'stderr' | 'stdout' = 'stderr') => {
    const stream = name === 'stderr' ? stderr : stdout;
    for (;;) {
      const match = stream.text().match(pattern);
      if (match) return match;
      if (isOver) throw new Error(`it ended without ${String(pattern)} on ${name}: ${stderr.text()}`);
      await stream.next();
    }
  };
  return { finished, stdin: typed, says, interrupt: () => interruption.abort() };
}

function errorDocument(stderr: string): ErrorDocument {
  const line = stderr.trimEnd().split('\n').at(-1) ?? '';
  const { error, ...rest } = JSON.parse(line) as { error: ErrorDocument };
  expect(rest).toEqual({});
  return error;
}

function capture(isTTY: boolean, columns: number | undefined) {
  const chunks: Buffer[] = [];
  let waiting: (() => void)[] = [];
  const changed = () => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  const stream: OutputStream = new Writable({
    decodeStrings: true,
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(Buffer.from(chunk));
      changed();
      done();
    },
  });
  Object.assign(stream, { isTTY, ...(columns === undefined ? {} : { columns }) });
  return {
    stream,
    changed,
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
    bytes: () => Buffer.concat(chunks),
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

function stdinOf({ stdin, isTyping = false }: RunOptions, typed: PassThrough) {
  let reads = 0;
  const wasRead = () => reads > 0;
  if (isTyping) return { stream: typed as InputStream, wasRead };
  if (stdin !== undefined) return { stream: Readable.from([Buffer.from(stdin)]) as InputStream, wasRead };
  const untouchable = new Readable({
    read() {
      reads += 1;
      this.push(null);
    },
  });
  return { stream: untouchable as InputStream, wasRead };
}

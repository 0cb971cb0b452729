// What `breakOnSigint` does is done to the listeners of the process itself.
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { createContext, runInContext } from 'node:vm';
import type { Jq, JqResult } from 'jq-wasm/inline';
import { interrupted } from '../errors.ts';

/** An expression that takes longer is taken not to end. */
const MOST_MS = 60_000;

/** So long Ctrl-C may wait. */
const SHORT_MS = 250;

/** From here on it pays to have jq optimized. */
const LONG_INPUT = 1024 * 1024;

/** jq as it is compiled at once, and as V8 optimizes it beside its running, which ends an invocation some 50 ms later. */
type Kind = 'quick' | 'optimized';

const loaded = new Map<Kind, Promise<Jq>>();

/**
 * Runs an expression over the JSON values of a text. stdout has its outputs as compact JSON, a line each; stderr has
 * jq's words, and `exitCode` is 0 where it did not fail. jq itself, compiled to WebAssembly, is loaded with the first.
 */
export async function evaluate(expression: string, json: string, mostMs = MOST_MS): Promise<JqResult> {
  const kind = json.length > LONG_INPUT ? 'optimized' : 'quick';
  const run: Run = (limitMs, breakOnSigint) => runOnce(kind, expression, json, limitMs, breakOnSigint);
  try {
    return kind === 'optimized' ? await runLong(kind, run, mostMs) : await runShort(kind, run, mostMs);
  } catch (error) {
    // What else was due ends the invocation first: --timeout.
    await whatIsDue();
    return failed(whyNotDone(error, mostMs));
  }
}

type Run = (limitMs: number, breakOnSigint: boolean) => Promise<JqResult>;

/** Most runs take some milliseconds, and a Ctrl-C can wait for them; one that goes on is begun anew. */
async function runShort(kind: Kind, run: Run, mostMs: number): Promise<JqResult> {
  try {
    return await run(Math.min(SHORT_MS, mostMs), false);
  } catch (error) {
    if (mostMs <= SHORT_MS || !isTimeout(error)) throw error;
    return runLong(kind, run, mostMs - SHORT_MS);
  }
}

/**
 * With `breakOnSigint` the listeners are away while it runs: a Ctrl-C of the moment before would never be heard of,
 * and so is waited for first.
 */
async function runLong(kind: Kind, run: Run, mostMs: number): Promise<JqResult> {
  let isInterrupted = false;
  const onInterrupt = () => {
    isInterrupted = true;
  };
  // Where nobody listens, Ctrl-C ends the process, and has to go on doing so.
  if (process.listenerCount('SIGINT') > 0) process.on('SIGINT', onInterrupt);
  try {
    await engine(kind);
    await whatIsDue();
  } finally {
    process.off('SIGINT', onInterrupt);
  }
  if (isInterrupted) throw interrupted();
  return run(mostMs, true);
}

async function runOnce(
  kind: Kind,
  expression: string,
  json: string,
  limitMs: number,
  breakOnSigint: boolean,
): Promise<JqResult> {
  const jq = await engine(kind);
  try {
    // The space keeps jq from reading an expression that begins with a minus as a flag.
    return limited(() => jq.raw(json, ` ${expression}`, ['-c']), limitMs, breakOnSigint);
  } catch (error) {
    // Its memory is as it was in the middle of the run.
    loaded.delete(kind);
    throw error;
  }
}

async function whatIsDue(): Promise<void> {
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Loading jq takes as long as a call does: begun while one is waited for, it costs nothing. */
export function preloadJq(): void {
  if (loaded.has('quick')) return;
  // V8 compiles what a first run needs. A failure is told by whoever evaluates.
  engine('quick').then(
    (jq) => jq.raw('null', ' .', ['-c']),
    () => {},
  );
}

function engine(kind: Kind): Promise<Jq> {
  const known = loaded.get(kind) ?? load(kind);
  loaded.set(kind, known);
  return known;
}

async function load(kind: Kind): Promise<Jq> {
  const { loadJq } = await import('jq-wasm/inline');
  // Node waits for what V8 compiles beside it before it ends: https://v8.dev/docs/wasm-compilation-pipeline.
  setFlagsFromString(kind === 'quick' ? '--liftoff-only' : '--no-liftoff-only');
  return loadJq();
}

/** jq runs in one go, and blocks the process: no signal and no timer would end an expression that does not end. */
function limited<T>(run: () => T, mostMs: number, breakOnSigint: boolean): T {
  const result: unknown = runInContext('run()', createContext({ run }), {
    timeout: Math.ceil(mostMs),
    breakOnSigint,
  });
  return result as T;
}

function whyNotDone(error: unknown, mostMs: number): string {
  if (error instanceof Error && error.name === 'RuntimeError')
    return 'it takes more than the 256 MiB of memory that jq has here';
  if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw interrupted();
  if (isTimeout(error)) return `it was not done after ${mostMs / 1000} s`;
  throw error;
}

function isTimeout(error: unknown): boolean {
  return codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

/** What a context throws is no instance of this realm's Error. */
function codeOf(error: unknown): unknown {
  return Reflect.get(Object(error), 'code');
}

const failed = (stderr: string): JqResult => ({ stdout: '', stderr, exitCode: 5 });

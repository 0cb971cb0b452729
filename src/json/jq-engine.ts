import { setFlagsFromString } from 'node:v8';
import { createContext, runInContext } from 'node:vm';
import type { Jq, JqResult } from 'jq-wasm/inline';
import { interrupted } from '../errors.ts';

/** An expression that takes longer is taken not to end. */
const MOST_MS = 60_000;

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
  const jq = await engine(kind);
  try {
    // The space keeps jq from reading an expression that begins with a minus as a flag.
    return interruptible(() => jq.raw(json, ` ${expression}`, ['-c']), mostMs);
  } catch (error) {
    // Its memory is as it was in the middle of the run.
    loaded.delete(kind);
    // What else was due ends the invocation first: --timeout.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    return failed(whyNotDone(error, mostMs));
  }
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
function interruptible<T>(run: () => T, mostMs: number): T {
  const result: unknown = runInContext('run()', createContext({ run }), {
    timeout: Math.ceil(mostMs),
    breakOnSigint: true,
  });
  return result as T;
}

function whyNotDone(error: unknown, mostMs: number): string {
  if (error instanceof Error && error.name === 'RuntimeError')
    return 'it takes more than the 256 MiB of memory that jq has here';
  // No instance of this realm's Error.
  const code: unknown = Reflect.get(Object(error), 'code');
  if (code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw interrupted();
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return `it was not done after ${mostMs / 1000} s`;
  throw error;
}

const failed = (stderr: string): JqResult => ({ stdout: '', stderr, exitCode: 5 });

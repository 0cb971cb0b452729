import { messageOf } from '../errors.ts';

/** What one run of jq leaves: compact JSON texts, a line each; its words; and 0 or what it ended with. */
export interface JqRun {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** Runs an expression over the JSON values of a text. jq itself, compiled to WebAssembly, is loaded with the first. */
export async function evaluate(expression: string, json: string, _mostMs?: number): Promise<JqRun> {
  const jq = await import('jq-wasm');
  try {
    // The space keeps jq from reading an expression that begins with a minus as a flag.
    return { stdout: await jq.raw(json, ` ${expression}`, ['-c']), stderr: '', exitCode: 0 };
  } catch (error) {
    return { stdout: '', stderr: messageOf(error), exitCode: 5 };
  }
}

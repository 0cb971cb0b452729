import { type SkConnectError, usageError } from '../errors.ts';
import { createJsonLayout, type JsonPaint } from './layout.ts';

/** Throws a usage error for an expression that does not compile. Runs none of it. */
export async function checkJq(expression: string, flag = '--jq'): Promise<void> {
  // The line breaks end a comment in the expression, the first of them may be escaped; two kinds of brackets find one
  // that closes them itself.
  const probe = `if true then empty elif (\n${expression}\n\n) then [\n${expression}\n\n] else . end`;
  const { exitCode, stderr } = await (await engine()).evaluate(probe, 'null');
  if (exitCode === 0) return;
  // The place that jq names is one in the probe.
  const why = firstLine(stderr).replace(/ at <top-level>, line \d+(, column \d+)?:?$/, '');
  throw usageError(
    `${flag} ${JSON.stringify(expression)} is no jq expression: ${why}`,
    'See the jq manual for the language; quote the expression for your shell.',
    { code: 'bad_jq' },
  );
}

export interface JqResults {
  /** Each as JSON text on one line. */
  outputs: string[];
  /** A `jq_failed` where the expression failed after these outputs. */
  failure: SkConnectError | undefined;
  /** What else it said, such as with `debug`. */
  messages: string;
}

/** What an expression gives for the JSON values of a text, up to where it fails. Integers beyond 2^53 survive. */
export async function jqResults(
  expression: string,
  json: string,
  { flag = '--jq', mostMs }: { flag?: string | undefined; mostMs?: number | undefined } = {},
): Promise<JqResults> {
  const { stdout, stderr, exitCode } = await (await engine()).evaluate(expression, json, mostMs);
  return {
    outputs: stdout === '' ? [] : stdout.split('\n'),
    failure: exitCode === 0 ? undefined : jqFailed(expression, flag, stderr),
    messages: exitCode === 0 ? stderr : '',
  };
}

/** The outputs of an expression, each as JSON text on one line. Throws a `jq_failed` where it fails. */
export async function jqOutputs(expression: string, json: string, flag?: string): Promise<string[]> {
  const { outputs, failure } = await jqResults(expression, json, { flag });
  if (failure !== undefined) throw failure;
  return outputs;
}

/** Whether any output of an expression is neither false nor null. Throws a `jq_failed` where it fails. */
export async function jqIsTruthy(expression: string, json: string, flag?: string): Promise<boolean> {
  const outputs = await jqOutputs(expression, json, flag);
  return outputs.some((output) => output !== 'false' && output !== 'null');
}

export interface JqLook {
  /** Strings as they are, without quotes and escapes. */
  isRaw?: boolean;
  /** Each output on one line; else over several, indented by two, as jq does it. */
  isCompact?: boolean;
  paint?: JsonPaint;
}

/** Outputs as jq prints them, each ended by a line break. */
export function formatOutputs(outputs: readonly string[], { isRaw, isCompact, paint }: JqLook = {}): string {
  if (outputs.length === 0) return '';
  const lay = (json: string) => {
    const indent = isCompact === true ? 0 : 2;
    const layout = createJsonLayout({ indent, isSequence: true, ...(paint === undefined ? {} : { paint }) });
    return layout.write(json) + layout.end();
  };
  if (isRaw !== true) return `${lay(outputs.join('\n'))}\n`;
  const shown = outputs.map((output) => {
    if (!output.startsWith('"')) return lay(output);
    const text = String(JSON.parse(output));
    return paint === undefined ? text : paint.rest(text);
  });
  return `${shown.join('\n')}\n`;
}

function jqFailed(expression: string, flag: string, stderr: string): SkConnectError {
  return usageError(
    `${flag} ${JSON.stringify(expression)} failed: ${firstLine(stderr)}`,
    `Look at the document without ${flag} first.`,
    { code: 'jq_failed' },
  );
}

/** What jq says went wrong, on one line; `debug` may have said something before. */
export function firstLine(stderr: string): string {
  const lines = stderr.split('\n');
  const line = lines.find((one) => one.startsWith('jq: ')) ?? lines[0] ?? '';
  return line.replace(/^jq: error( \(at [^)]*\))?: /, '').replace(/^jq: /, '');
}

/** Loaded by whoever has an expression: main and every terminal know this file. */
function engine() {
  return import('./jq-engine.ts');
}

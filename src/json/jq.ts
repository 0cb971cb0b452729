import { messageOf, SkConnectError, usageError } from '../errors.ts';

/** jq itself, compiled to WebAssembly; loaded with the first expression. */
const load = () => import('jq-wasm');

/** Throws a usage error for an expression that does not compile. Runs none of it. */
export async function checkJq(expression: string, flag = '--jq'): Promise<void> {
  const jq = await load();
  // The line breaks end a comment in the expression; two kinds of brackets find one that closes them itself.
  await jq
    .raw('null', `if true then empty elif (\n${expression}\n) then [\n${expression}\n] else . end`)
    .catch((error: unknown) => {
      throw usageError(
        `${flag} ${JSON.stringify(expression)} is no jq expression: ${firstLine(error)}`,
        JQ_HINT,
        {
          code: 'bad_jq',
        },
      );
    });
}

export interface JqOptions {
  /** The flag whose expression it is, for messages. */
  flag?: string;
  /** Strings as they are, without quotes and escapes. */
  isRaw?: boolean;
  /** Each result on one line; else laid out as jq does it. */
  isCompact?: boolean;
}

/**
 * What jq prints for an expression over the JSON values of a text: one result after the other, each ended by a
 * line break. Integers beyond 2^53 survive. Throws a `jq_failed` where the expression fails on one of them.
 */
export async function runJq(
  expression: string,
  json: string,
  { flag = '--jq', isRaw = false, isCompact = false }: JqOptions = {},
): Promise<string> {
  const jq = await load();
  try {
    const flags = [...(isRaw ? ['-r'] : []), ...(isCompact ? ['-c'] : [])];
    // The space keeps jq from reading an expression that begins with a minus as a flag.
    const output = await jq.raw(json, ` ${expression}`, flags);
    return output === '' ? '' : `${output.replace(/\n$/, '')}\n`;
  } catch (error) {
    throw new SkConnectError('usage', `${flag} ${JSON.stringify(expression)} failed: ${firstLine(error)}`, {
      code: 'jq_failed',
      hint: `Look at the document without ${flag} first.`,
    });
  }
}

/** The results of an expression, each as JSON text on one line. Throws as `runJq`. */
export async function jqOutputs(expression: string, json: string, flag?: string): Promise<string[]> {
  const output = await runJq(expression, json, { isCompact: true, ...(flag === undefined ? {} : { flag }) });
  return output === '' ? [] : output.slice(0, -1).split('\n');
}

/** Whether any result of an expression is neither false nor null. Throws as `runJq`. */
export async function jqIsTruthy(expression: string, json: string, flag?: string): Promise<boolean> {
  const outputs = await jqOutputs(expression, json, flag);
  return outputs.some((output) => output !== 'false' && output !== 'null');
}

const JQ_HINT = 'See the jq manual for the language; quote the expression for your shell.';

function firstLine(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n', 1);
  return line.replace(/^jq: error( \(at [^)]*\))?: /, '');
}

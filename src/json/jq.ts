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

/** The results of a jq expression over a JSON text, compact, a line each and each ended. Integers beyond 2^53 survive. */
export async function runJq(expression: string, json: string): Promise<string> {
  const jq = await load();
  try {
    // The space keeps jq from reading an expression that begins with a minus as a flag.
    const output = await jq.raw(json, ` ${expression}`, ['-c']);
    return output === '' ? '' : `${output.replace(/\n$/, '')}\n`;
  } catch (error) {
    throw new SkConnectError('usage', `--jq ${JSON.stringify(expression)} failed: ${firstLine(error)}`, {
      code: 'jq_failed',
      hint: 'Look at the document without --jq first.',
    });
  }
}

const JQ_HINT = 'See the jq manual for the language; quote the expression for your shell.';

function firstLine(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n', 1);
  return line.replace(/^jq: error( \(at [^)]*\))?: /, '');
}

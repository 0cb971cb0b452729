import { firstLine } from '../json/jq.ts';
import { evaluate } from '../json/jq-engine.ts';
import type { Contract } from './contract.ts';
import { ToolFailure } from './failure.ts';

type Expressions = Pick<Contract, 'name' | 'output' | 'fail_when' | 'error'>;

/**
 * What a contract makes of an answer, both JSON texts. Throws a ToolFailure where `fail_when` says that the answer is
 * an error, and where an expression fails.
 */
export async function outputOf(contract: Expressions, json: string): Promise<string> {
  if (contract.output === undefined && contract.fail_when === undefined) return json;
  const { stdout, stderr, exitCode } = await evaluate(programOf(contract), json);
  const [stage, ...results] = stdout === '' ? [] : stdout.split('\n');
  const field = stage === undefined ? 'fail_when' : String(JSON.parse(stage));
  if (exitCode !== 0) throw await failed(contract, field, firstLine(stderr));
  if (field === 'error') throw await toolError(contract, json, results);
  const [output] = results;
  if (output === undefined) throw await failed(contract, field, 'it gives nothing');
  if (results.length > 1)
    throw await failed(contract, field, `it gives ${results.length} values: put them into [ ]`);
  return output;
}

/** The error of a page that `fail_when` was found to hold for. */
export async function errorOf(contract: Expressions, json: string): Promise<ToolFailure> {
  if (contract.error === undefined) return toolError(contract, json, []);
  const { stdout, stderr, exitCode } = await evaluate(contract.error, json);
  if (exitCode !== 0) return failed(contract, 'error', firstLine(stderr));
  return toolError(contract, json, stdout === '' ? [] : stdout.split('\n'));
}

/**
 * All in one run: the name of what comes to bear, then its results. The line breaks end a comment in an expression, the
 * first of them may be escaped.
 */
function programOf({ output = '.', fail_when: failWhen, error = 'empty' }: Expressions): string {
  const made = `"output", (\n${output}\n\n)`;
  if (failWhen === undefined) return made;
  return `[\n${failWhen}\n\n] as $__found | if $__found | any then "error", (\n${error}\n\n) else ${made} end`;
}

async function toolError(
  { fail_when: failWhen = '' }: Expressions,
  json: string,
  results: readonly string[],
): Promise<ToolFailure> {
  const { line, messageFrom } = await import('../request/answer/provider-message.ts');
  const texts = results.map((each) => (each.startsWith('"') ? String(JSON.parse(each)) : each));
  const own = texts.filter((text) => text !== '' && text !== 'null').join('; ');
  const said = own === '' ? messageFrom(NO_HEAD, JSON.parse(json)) : line(own);
  return new ToolFailure('tool_error', said ?? `the answer is an error: ${failWhen.trim()}`);
}

/** What the answer says is all there is to tell: its status is that of a success. */
const NO_HEAD = { status: 200, statusText: '', headers: [] };

async function failed({ name }: Expressions, field: string, why: string): Promise<ToolFailure> {
  const { line } = await import('../request/answer/provider-message.ts');
  return new ToolFailure('bad_answer', `${name} cannot read the answer: its ${field} failed: ${line(why)}`);
}

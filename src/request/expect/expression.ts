import { messageOf } from '../../errors.ts';
import { checkJq, jqOutputs } from '../../json/jq.ts';
import { line } from '../answer/provider-message.ts';
import type { RequestOptions } from '../options.ts';
import type { Expectation, Failure } from './expectations.ts';
import { jsonBody } from './json-body.ts';

const LONGEST_GOT = 200;

/** Throws a usage error for the first expression that does not compile. */
export async function checkExpressions({ failOn, expect = [], next, items }: RequestOptions): Promise<void> {
  const given: [flag: string, expression: string | undefined][] = [
    ['--fail-on', failOn],
    ['--next', next],
    ['--items', items],
    ...expect.map((expression): [string, string] => ['--expect', expression]),
  ];
  for (const [flag, expression] of given) if (expression !== undefined) await checkJq(expression, flag);
}

/** Holds where the expression gives nothing but true, at least once. */
export function expectTrue(expression: string): Expectation {
  const failed = (got: string): Failure => ({
    expectation: `--expect '${line(expression, LONGEST_GOT)}'`,
    expected: 'true',
    got: line(got, LONGEST_GOT),
  });
  return {
    hint: 'Try the expression on the same answer with --jq.',
    check: async (answer) => {
      const body = jsonBody(answer);
      if ('reason' in body) return failed(body.reason);
      try {
        const outputs = await jqOutputs(expression, body.text, '--expect');
        if (outputs.length === 0) return failed('nothing');
        return outputs.every((output) => output === 'true') ? undefined : failed(outputs.join(', '));
      } catch (error) {
        return failed(`an error: ${jqReason(error)}`);
      }
    },
  };
}

/** Without the expression, which stands beside it. */
export function jqReason(error: unknown): string {
  return messageOf(error).replace(/^.* failed: /s, '');
}

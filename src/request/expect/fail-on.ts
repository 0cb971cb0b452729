import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import { jqIsTruthy } from '../../json/jq.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import type { Answer } from '../answer/answer.ts';
import { errorDetails, errorLine, readProviderError } from '../answer/provider-error.ts';
import { providerHint } from '../answer/provider-hint.ts';
import { line } from '../answer/provider-message.ts';
import { jqReason } from './expression.ts';
import { jsonBody } from './json-body.ts';

/** What an answer ends with that `--fail-on` takes for an error; also one that it cannot be asked about. */
export async function failOn(
  app: App,
  key: AccountKey,
  answer: Answer,
  expression: string,
): Promise<SkConnectError | undefined> {
  const reason = await reasonToFail(answer, expression);
  if (reason === undefined) return undefined;
  const error = await readProviderError(answer);
  const { status } = answer.response;
  const isExplained = status >= 400 || error.scopes !== undefined || error.docs !== undefined;
  return new SkConnectError('upstream', `the provider answered ${errorLine(error)} (${reason})`, {
    code: 'fail_on',
    httpStatus: status,
    hint: isExplained ? providerHint(app, key, error) : 'Its answer is on stdout.',
    details: errorDetails(error),
  });
}

async function reasonToFail(answer: Answer, expression: string): Promise<string | undefined> {
  const asked = `--fail-on '${line(expression, 200)}'`;
  const body = jsonBody(answer);
  if ('reason' in body) return `${asked} could not be checked: ${body.reason}`;
  try {
    return (await jqIsTruthy(expression, body.text, '--fail-on')) ? `${asked} holds` : undefined;
  } catch (error) {
    return `${asked} could not be checked: ${line(jqReason(error))}`;
  }
}

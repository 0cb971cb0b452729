import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import { jqIsTruthy } from '../../json/jq.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import type { Answer } from '../answer/answer.ts';
import { isErrorStatus } from '../answer/error-status.ts';
import { errorDetails, errorLine, readProviderError } from '../answer/provider-error.ts';
import { providerHint } from '../answer/provider-hint.ts';
import { line } from '../answer/provider-message.ts';
import type { RequestOptions } from '../options.ts';
import { jqReason } from './expression.ts';
import { jsonBody } from './json-body.ts';

/** What an answer ends with that `--fail-on` takes for an error; also one that it cannot be asked about. */
export async function failOn(
  app: App,
  key: AccountKey,
  answer: Answer,
  options: RequestOptions,
): Promise<SkConnectError | undefined> {
  const { status } = answer.response;
  const verdict = await judgeBy(options.failOn ?? 'false', answer);
  if (verdict === 'good') return undefined;
  // The error page of a gateway is no matter of an expression: its status says enough.
  if (verdict !== 'bad' && isErrorStatus(status, options)) return undefined;
  const asked = `--fail-on '${line(options.failOn ?? '', 200)}'`;
  const reason = verdict === 'bad' ? `${asked} holds` : `${asked} could not be checked: ${verdict.reason}`;
  const error = await readProviderError(answer);
  const isExplained = status >= 400 || error.scopes !== undefined || error.docs !== undefined;
  return new SkConnectError('upstream', `the provider answered ${errorLine(error)} (${reason})`, {
    code: 'fail_on',
    httpStatus: status,
    hint: isExplained ? providerHint(app, key, error) : 'Its answer is on stdout.',
    details: errorDetails(error),
  });
}

async function judgeBy(expression: string, answer: Answer): Promise<'good' | 'bad' | { reason: string }> {
  const body = jsonBody(answer);
  if ('reason' in body) return body;
  try {
    return (await jqIsTruthy(expression, body.text, '--fail-on')) ? 'bad' : 'good';
  } catch (error) {
    return { reason: line(jqReason(error)) };
  }
}

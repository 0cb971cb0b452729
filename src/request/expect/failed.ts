import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import type { Answer } from '../answer/answer.ts';
import {
  errorDetails,
  errorLine,
  idSuffix,
  type ProviderError,
  readProviderError,
} from '../answer/provider-error.ts';
import { providerHint } from '../answer/provider-hint.ts';
import type { CheckedExpectations, Expectation, Failure } from './expectations.ts';

/** What an answer ends with that is not what was expected: every failure, and what the provider said of an error. */
export async function failedExpectations(
  app: App,
  key: AccountKey,
  answer: Answer,
  { all, allowsStatus }: CheckedExpectations,
): Promise<SkConnectError | undefined> {
  const failed = await failuresOf(answer, all);
  const [first] = failed;
  if (first === undefined) return undefined;
  const failures = failed.map(({ failure }) => failure);
  const { status } = answer.response;
  const isError = status >= 400 && allowsStatus?.(status) !== true;
  const error = isError ? await readProviderError(answer) : undefined;
  const said = error === undefined ? [] : [`  ${whatWasSaid(error, failures)}`];
  return new SkConnectError('expectation', [summary(failures, all.length), ...said].join('\n'), {
    code: 'expectation_failed',
    httpStatus: status,
    hint: error === undefined ? first.hint : providerHint(app, key, error),
    details: { failures, ...(error === undefined ? {} : errorDetails(error)) },
  });
}

/** Its status stands above where that was expected to be another. */
function whatWasSaid(error: ProviderError, failures: readonly Failure[]): string {
  const isStatusTold = failures.some(({ expectation }) => expectation.startsWith('--expect-status'));
  return isStatusTold && error.message !== undefined
    ? `the provider said: ${error.message}${idSuffix(error.requestId)}`
    : `the provider answered ${errorLine(error)}`;
}

/** One after the other: jq is one machine. */
async function failuresOf(
  answer: Answer,
  all: readonly Expectation[],
): Promise<{ failure: Failure; hint: string }[]> {
  const failed: { failure: Failure; hint: string }[] = [];
  for (const expectation of all) {
    const failure = await expectation.check(answer);
    if (failure !== undefined) failed.push({ failure, hint: expectation.hint });
  }
  return failed;
}

function summary(failures: readonly Failure[], total: number): string {
  const lines = failures.map(failureLine);
  if (total === 1) return `not as expected: ${lines.join('')}`;
  return [`${failures.length} of ${total} expectations failed:`, ...lines.map((text) => `  ${text}`)].join(
    '\n',
  );
}

/** `--expect-status 2xx: got 404 Not Found`; what takes several lines is indented below. */
function failureLine({ expectation, got }: Failure): string {
  if (!got.includes('\n')) return `${expectation}: got ${got}`;
  return [`${expectation}: got`, ...got.split('\n').map((text) => `    ${text}`)].join('\n');
}

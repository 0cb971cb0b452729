import type { App } from '../app.ts';
import type { SkConnectError } from '../errors.ts';
import type { AccountKey } from '../scalekit/accounts.ts';
import type { Answer } from './answer/answer.ts';
import { tellApparentError } from './answer/apparent-error.ts';
import { isErrorStatus } from './answer/error-status.ts';
import type { CheckedExpectations } from './expect/expectations.ts';
import type { RequestOptions } from './options.ts';

/**
 * Throws what an answer is guilty of, after it was shown; of several things the first of: a refusal by Scalekit,
 * failed expectations, `--fail-on`, GraphQL `errors`, its status.
 */
export async function judge(
  app: App,
  key: AccountKey,
  answer: Answer,
  options: RequestOptions,
  expectations: CheckedExpectations,
): Promise<void> {
  const failure =
    (await refused(app, key, answer, expectations)) ??
    (await notAsExpected(app, key, answer, expectations)) ??
    (await failedOn(app, key, answer, options)) ??
    (await graphql(app, key, answer, options)) ??
    (await errorStatus(app, key, answer, options));
  if (failure !== undefined) throw failure;
  if (answer.response.status < 300 && !isLookedAt(answer, options)) await tellApparentError(app, answer);
}

/** Whether something else has decided what is an error. */
function isLookedAt(
  { isJoined }: Answer,
  { failOn, expect, expectSchema, checkStatus }: RequestOptions,
): boolean {
  const isJudged = [failOn, expect, expectSchema].some((option) => option !== undefined);
  return isJudged || checkStatus === false || isJoined === true;
}

type Verdict = Promise<SkConnectError | undefined>;

async function refused(
  app: App,
  key: AccountKey,
  answer: Answer,
  expectations: CheckedExpectations,
): Verdict {
  const { status, answeredBy } = answer.response;
  if (status < 400 || answeredBy === 'provider' || expectations.allowsStatus?.(status) === true)
    return undefined;
  const { scalekitRefusal } = await import('./answer/scalekit-refusal.ts');
  return scalekitRefusal(app, key, answer);
}

async function notAsExpected(
  app: App,
  key: AccountKey,
  answer: Answer,
  expectations: CheckedExpectations,
): Verdict {
  if (expectations.all.length === 0) return undefined;
  const { failedExpectations } = await import('./expect/failed.ts');
  return failedExpectations(app, key, answer, expectations);
}

/** Joined pages were looked at one by one, here as for GraphQL. */
async function failedOn(app: App, key: AccountKey, answer: Answer, options: RequestOptions): Verdict {
  if (options.failOn === undefined || answer.isJoined === true) return undefined;
  const { failOn } = await import('./expect/fail-on.ts');
  return failOn(app, key, answer, options);
}

async function graphql(app: App, key: AccountKey, answer: Answer, options: RequestOptions): Verdict {
  if (options.graphql === undefined || answer.isJoined === true) return undefined;
  const { graphqlFailure } = await import('./answer/graphql-errors.ts');
  return graphqlFailure(app, key, answer);
}

async function errorStatus(app: App, key: AccountKey, answer: Answer, options: RequestOptions): Verdict {
  if (answer.isSettled === true || !isErrorStatus(answer.response.status, options)) return undefined;
  const { providerFailure } = await import('./answer/failure.ts');
  return providerFailure(app, key, answer);
}

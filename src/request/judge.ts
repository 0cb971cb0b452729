import type { App } from '../app.ts';
import type { AccountKey } from '../scalekit/accounts.ts';
import type { Answer } from './answer/answer.ts';
import { proxyFailure } from './answer/failure.ts';
import type { CheckedExpectations } from './expect/expectations.ts';
import type { RequestOptions } from './options.ts';

/** Throws what an answer is guilty of, after it was shown. */
export async function judge(
  app: App,
  key: AccountKey,
  { response, body, isSettled }: Answer,
  _options: RequestOptions,
  _expectations: CheckedExpectations,
): Promise<void> {
  if (response.status >= 400 && !isSettled) throw await proxyFailure(app, key, response, body);
}

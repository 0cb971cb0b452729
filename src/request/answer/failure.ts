import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import type { Answer } from './answer.ts';
import { errorDetails, errorLine, readProviderError } from './provider-error.ts';
import { providerHint } from './provider-hint.ts';

/** What a provider's status of 400 and above ends with. */
export async function providerFailure(
  app: App,
  key: AccountKey,
  answer: Pick<Answer, 'response' | 'body'>,
): Promise<SkConnectError> {
  const error = await readProviderError(answer);
  return new SkConnectError('upstream', `the provider answered ${errorLine(error)}`, {
    code: 'provider_error',
    httpStatus: answer.response.status,
    hint: providerHint(app, key, error),
    details: errorDetails(error),
  });
}

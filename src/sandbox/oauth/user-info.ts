import { fetch as undiciFetch } from 'undici';
import { resolveUrl } from '../proxy/placeholders.ts';
import type { Account } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { noAnswer } from './failure.ts';
import { bounded } from './token-request.ts';

/**
 * Asks the connector's `user_info_uri` once after an authorization. Scalekit's documentation shows its answer nowhere, so that it is
 * not kept either; whether the provider takes the token there is in the log. Nobody waits for it, and nothing depends on it.
 */
export function askUserInfo(state: SandboxState, account: Account, accessToken: string): void {
  const { connection, identifier } = account;
  const uri = connection.pattern.oauth_config?.user_info_uri;
  if (!uri) return;
  const exchange = state.exchanges.begin('oauth', 'GET', uri);
  Object.assign(exchange, { connectionName: connection.name, identifier });
  const ask = async (): Promise<number> => {
    const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
    const request = { ...bounded(state, { method: 'GET' }), headers, redirect: 'manual' as const };
    const response = await undiciFetch(resolveUrl(uri, account), request);
    await response.body?.cancel();
    return response.status;
  };
  ask().then(
    (status) => state.exchanges.end(exchange, status),
    (error: unknown) => {
      exchange.error = noAnswer(error);
      state.exchanges.end(exchange, null);
    },
  );
}

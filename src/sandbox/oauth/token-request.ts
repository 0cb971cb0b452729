import * as oauth from 'oauth4webapi';
import { type Dispatcher, fetch as undiciFetch } from 'undici';
import { isLoopback } from '../../http/loopback.ts';
import { struckTokenAnswer } from '../faults/token-answer.ts';
import type { Account } from '../state/accounts.ts';
import type { ClientAuthMethod } from '../state/oauth-clients.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import type { OAuthParties } from './client.ts';
import { noAnswer, tokenFailure } from './failure.ts';
import { tolerantResponse } from './token-response.ts';

type Answer = oauth.TokenEndpointResponse;

/** Sends one grant, with the client authenticated in the way that it is given. */
type Grant = (
  authentication: oauth.ClientAuth,
  options: oauth.TokenEndpointRequestOptions,
) => Promise<Response>;

/** What an authenticated client is refused with: another way of authenticating would not help. */
const AFTER_AUTHENTICATION = new Set([
  'invalid_grant',
  'invalid_scope',
  'invalid_target',
  'unsupported_grant_type',
]);

/**
 * Asks the token endpoint. A client whose config does not say how its secret is taken shows it in the header, as RFC 6749 section 2.3.1
 * prefers, and in the body where it is refused that way. Throws what oauth4webapi throws.
 */
export async function requestToken(
  state: SandboxState,
  account: Account,
  parties: OAuthParties,
  grant: Grant,
): Promise<Answer> {
  const { connection } = account;
  const { oauthClients } = state;
  const { server, client, clientSecret: secret, resource } = parties;
  const options: oauth.TokenEndpointRequestOptions = {
    [oauth.customFetch]: tokenFetch(state, account),
    [oauth.allowInsecureRequests]: isLoopback(new URL(server.token_endpoint ?? server.issuer).hostname),
    ...(resource !== undefined && { additionalParameters: { resource } }),
  };
  const ask = async (authentication: oauth.ClientAuth): Promise<Answer> =>
    // The answers to a code and to a refresh token are the same but for an ID token, which is not looked at.
    oauth.processRefreshTokenResponse(server, client, await grant(authentication, options));

  if (secret === undefined) return ask(oauth.None());
  const method = parties.authMethod ?? oauthClients.authMethod(connection);
  if (method !== undefined) return ask(authentication(method, secret));
  try {
    const answer = await ask(authentication('client_secret_basic', secret));
    oauthClients.noteAuthMethod(connection, 'client_secret_basic');
    return answer;
  } catch (error) {
    if (!mayRefuseTheHeader(error)) throw error;
    const answer = await ask(authentication('client_secret_post', secret));
    oauthClients.noteAuthMethod(connection, 'client_secret_post');
    return answer;
  }
}

/** As the token endpoint took the client. */
export function revocationOptions(
  state: SandboxState,
  account: Account,
  { server, clientSecret, authMethod }: OAuthParties,
): { authentication: oauth.ClientAuth; options: oauth.RevocationRequestOptions } {
  const method = authMethod ?? state.oauthClients.authMethod(account.connection) ?? 'client_secret_basic';
  return {
    authentication: clientSecret === undefined ? oauth.None() : authentication(method, clientSecret),
    options: {
      [oauth.customFetch]: tokenFetch(state, account),
      [oauth.allowInsecureRequests]: isLoopback(new URL(server.issuer).hostname),
    },
  };
}

function mayRefuseTheHeader(error: unknown): boolean {
  const { status = 0, code = '' } = tokenFailure(error) ?? {};
  return status >= 400 && status < 500 && status !== 429 && !AFTER_AUTHENTICATION.has(code);
}

function authentication(method: ClientAuthMethod, secret: string): oauth.ClientAuth {
  if (method === 'client_secret_post') return oauth.ClientSecretPost(secret);
  // oauth4webapi's own encodes `-` and `_` too, which the many providers that do not decode take for another client.
  return (_server, client, _body, headers) => {
    const pair = `${formEncoded(client.client_id)}:${formEncoded(secret)}`;
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
  };
}

/** application/x-www-form-urlencoded, as RFC 6749 section 2.3.1 asks for both halves. */
function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

interface FetchInit {
  method?: string;
  signal?: AbortSignal;
}

/** Within what the sandbox may reach and what it waits for; each request is in the log. */
function tokenFetch(state: SandboxState, { connection, identifier }: Account) {
  return async (url: string, init: FetchInit): Promise<Response> => {
    const exchange = state.exchanges.begin('oauth', init.method ?? 'POST', url);
    Object.assign(exchange, { connectionName: connection.name, identifier });
    let status: number | null = null;
    try {
      const request = bounded(state, init);
      const response = await struckTokenAnswer(state, exchange, request.signal, () =>
        undiciFetch(url, request),
      );
      status = response.status;
      return await tolerantResponse(response);
    } catch (error) {
      exchange.error = noAnswer(error);
      throw error;
    } finally {
      state.exchanges.end(exchange, status);
    }
  };
}

export function bounded(
  { upstream, upstreamTimeoutMs, closing }: SandboxState,
  init: FetchInit,
): NonNullable<Parameters<typeof undiciFetch>[1]> & { dispatcher: Dispatcher; signal: AbortSignal } {
  const signals = [AbortSignal.timeout(upstreamTimeoutMs), closing, ...(init.signal ? [init.signal] : [])];
  return { ...init, signal: AbortSignal.any(signals), dispatcher: upstream };
}

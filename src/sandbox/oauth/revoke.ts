import * as oauth from 'oauth4webapi';
import type { Account } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { partiesOf } from './parties.ts';
import { revocationOptions } from './token-request.ts';

/**
 * Tells the provider that the tokens are to be worth nothing (RFC 7009), where its metadata names a place for that: a connector
 * definition has none. What cannot be done is left; the caller makes sure that the tokens are not used any more.
 */
export async function revokeAtProvider(state: SandboxState, account: Account): Promise<void> {
  const { credentials } = account;
  if (credentials.kind !== 'oauth' || !credentials.issuedBy?.server.revocation_endpoint) return;
  // With the refresh token its access tokens go (RFC 7009 section 2.1).
  const token = credentials.refreshToken ?? credentials.accessToken;
  try {
    const parties = await partiesOf(state, account);
    const { server, client } = parties;
    const { authentication, options } = revocationOptions(state, account, parties);
    await oauth.revocationRequest(server, client, authentication, token, options);
  } catch {
    // Unreachable, or not allowed: the tokens stay good there until they end.
  }
}

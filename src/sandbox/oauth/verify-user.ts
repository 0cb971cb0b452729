import { sameText } from '../../http/same-text.ts';
import { verifiedUrl } from '../hosted-pages/link-url.ts';
import { Refusal } from '../refusal.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

/**
 * The application says who its user is: for the one that the link was made for, the tokens become the account's and it is ACTIVE.
 * Returns where the browser goes then.
 */
export function verifyUser(state: SandboxState, authRequestId: string, identifier: string): string {
  const verification = state.verifications.find(authRequestId);
  const account = verification?.link.account;
  // Disconnected, deleted, or authorized in another way since: what waited is void.
  const isWaiting = account?.status === 'PENDING_VERIFICATION' && state.accounts.get(account.id) === account;
  if (!verification || !account || !isWaiting) {
    const message = 'auth request not found or no longer valid';
    throw new Refusal('not_found', 'AUTH_REQUEST_NOT_FOUND', message);
  }
  if (!sameText(account.identifier, identifier)) {
    const message = 'the identifier is not the one that the authorization was started for';
    throw new Refusal('permission_denied', 'IDENTIFIER_MISMATCH', message);
  }
  const { link, credentials, apiConfig } = verification;
  state.verifications.dropOf(account);
  state.accounts.change(account, { status: 'ACTIVE', credentials, apiConfig });
  return verifiedUrl(state.origin, link);
}

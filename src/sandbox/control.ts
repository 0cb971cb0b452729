import { linkUrl } from './hosted-pages/link-url.ts';
import type { SandboxControl } from './interface.ts';
import { currentStatus } from './state/accounts.ts';
import { requireAccount } from './state/find-account.ts';
import type { SandboxState } from './state/sandbox-state.ts';

export function createControl(state: SandboxState): SandboxControl {
  return {
    pendingLinks: () =>
      state.links.open().map((link) => ({
        connectionName: link.account.connection.name,
        identifier: link.account.identifier,
        link: linkUrl(state.origin, link),
        expiresAt: new Date(link.expiresAt).toISOString(),
      })),

    setAccountStatus(connectionName, identifier, status) {
      state.accounts.change(requireAccount(state, { connector: connectionName, identifier }), { status });
    },

    accounts: () =>
      state.accounts.all().map((account) => ({
        connectedAccountId: account.id,
        connectionName: account.connection.name,
        identifier: account.identifier,
        status: currentStatus(account, state.now()),
      })),
  };
}

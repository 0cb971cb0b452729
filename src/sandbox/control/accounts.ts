import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AccountReference, SandboxControl } from '../interface/control.ts';
import { SandboxControlError } from '../interface/control-error.ts';
import { revokeAtProvider } from '../oauth/revoke.ts';
import { type Account, type Credentials, currentStatus } from '../state/accounts.ts';
import { disconnect } from '../state/disconnect.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { parse } from './parse.ts';
import { shownAccount } from './shown.ts';

type AccountOperations = Pick<
  SandboxControl,
  'accounts' | 'account' | 'expireAccount' | 'revokeAccount' | 'disconnectAccount' | 'setAccountStatus'
>;

const statusSchema = z.enum(['ACTIVE', 'EXPIRED', 'PENDING_AUTH', 'PENDING_VERIFICATION', 'DISCONNECTED']);
const filterSchema = z.strictObject({
  connectionName: z.string().optional(),
  identifier: z.string().optional(),
  status: statusSchema.optional(),
});
const referenceSchema = z.union(
  [z.string(), z.object({ connectionName: z.string(), identifier: z.string() })],
  {
    error: 'an account is named by its id, or by its connectionName and identifier',
  },
);

export function accountOperations(state: SandboxState): AccountOperations {
  const shown = (account: Account) => shownAccount(state, account);

  return {
    accounts(filter = {}) {
      const { connectionName, identifier, status } = parse(filterSchema, filter);
      return candidates(state, connectionName, identifier)
        .filter((account) => identifier === undefined || account.identifier === identifier)
        .filter((account) => status === undefined || currentStatus(account, state.now()) === status)
        .map(shown);
    },

    account: (reference) => shown(requireAccount(state, reference)),

    expireAccount(reference) {
      const account = requireActive(state, reference, 'expire');
      const { credentials } = account;
      const over: Credentials =
        credentials.kind === 'oauth'
          ? { ...credentials, refreshToken: undefined, expiresAt: state.now() }
          : credentials;
      state.accounts.change(account, { status: 'EXPIRED', credentials: over });
      return shown(account);
    },

    async revokeAccount(reference) {
      const account = requireActive(state, reference, 'revoke');
      await revokeAtProvider(state, account);
      state.accounts.change(account, { credentials: unknownToProvider(account.credentials) });
      return shown(account);
    },

    disconnectAccount(reference) {
      const account = requireAccount(state, reference);
      disconnect(state, account);
      return shown(account);
    },

    setAccountStatus(connectionName, identifier, status) {
      const account = requireAccount(state, { connectionName, identifier });
      state.accounts.change(account, { status: parse(statusSchema, status) });
      return shown(account);
    },
  };
}

/** The shortest list that has them all. */
function candidates(state: SandboxState, connectionName?: string, identifier?: string): readonly Account[] {
  if (connectionName !== undefined) return state.accounts.ofConnection(connectionName);
  return identifier === undefined ? state.accounts.all() : state.accounts.ofIdentifier(identifier);
}

function requireAccount(state: SandboxState, given: AccountReference): Account {
  const reference = parse(referenceSchema, given);
  const account =
    typeof reference === 'string'
      ? state.accounts.get(reference)
      : state.accounts.find(reference.connectionName, reference.identifier);
  if (account) return account;
  const named =
    typeof reference === 'string' ? reference : `${reference.identifier} on ${reference.connectionName}`;
  throw new SandboxControlError(404, 'account_not_found', `there is no connected account ${named}`, {
    hint: 'GET /sandbox/v1/accounts has all of them.',
  });
}

function requireActive(state: SandboxState, reference: AccountReference, what: string): Account {
  const account = requireAccount(state, reference);
  const status = currentStatus(account, state.now());
  if (status === 'ACTIVE') return account;
  throw new SandboxControlError(
    409,
    'account_not_active',
    `${account.id} is ${status}: there is nothing to ${what}`,
    { hint: 'Authorize it first, or set its status.' },
  );
}

/** Credentials of the same kind that nobody gave out. Names, hosts and path variables stay as they are. */
function unknownToProvider(credentials: Credentials): Credentials {
  const unknown = () => `revoked_${randomBytes(18).toString('base64url')}`;
  switch (credentials.kind) {
    case 'oauth':
      return {
        ...credentials,
        accessToken: unknown(),
        refreshToken: credentials.refreshToken === undefined ? undefined : unknown(),
      };
    case 'static': {
      const details = { ...credentials.details };
      for (const secret of ['token', 'api_key', 'password']) {
        if (Object.hasOwn(details, secret)) details[secret] = unknown();
      }
      return { kind: 'static', details };
    }
    default:
      return credentials;
  }
}

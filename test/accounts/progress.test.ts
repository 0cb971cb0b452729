import { describe, expect, it } from 'vitest';
import { type Evidence, isAmbiguous, isAuthorized } from '../../src/accounts/progress.ts';
import type { ConnectedAccount } from '../../src/scalekit/accounts.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

function account(changes: Partial<ConnectedAccount>): ConnectedAccount {
  return {
    connectionName: 'notes',
    identifier: 'user_1',
    connectedAccountId: 'ca_1',
    status: 'ACTIVE',
    provider: 'notes',
    authorizationType: 'OAUTH',
    tokenExpiresAt: at(50),
    updatedAt: at(-10),
    lastUsedAt: null,
    ...changes,
  };
}

const evidence = (given: Partial<Evidence> = {}): Evidence => ({
  now: NOW,
  isVerified: false,
  linkState: undefined,
  ...given,
});
const pending = account({ status: 'PENDING_AUTH', tokenExpiresAt: null });
const active = account({});
const fixed = account({ tokenExpiresAt: null });
const ending = account({ tokenExpiresAt: at(9) });
const renewed = { updatedAt: at(0), tokenExpiresAt: at(60) };

describe('isAuthorized', () => {
  it.each<[string, boolean, ConnectedAccount, ConnectedAccount, Partial<Evidence>]>([
    ['it became ACTIVE', true, account(renewed), pending, {}],
    ['it is not ACTIVE yet', false, pending, pending, {}],
    ['it is not ACTIVE, although verified', false, pending, pending, { isVerified: true }],
    ['it was ACTIVE and nothing happened', false, active, active, {}],
    ['it was ACTIVE and the user was verified', true, active, active, { isVerified: true }],
    ['it has new credentials long before a renewal is due', true, account(renewed), active, {}],
    ['it has new credentials when a renewal was due', false, account(renewed), ending, {}],
    [
      'it has new credentials when the old ones were over',
      false,
      account(renewed),
      account({ tokenExpiresAt: at(-1) }),
      {},
    ],
    ['its configuration changed, not its token', false, account({ updatedAt: at(0) }), active, {}],
    ['it was used', false, account({ lastUsedAt: at(0) }), active, {}],
    ['it has fields and they changed', true, { ...fixed, updatedAt: at(0) }, fixed, {}],
    ['its token has no end any more', true, account({ updatedAt: at(0), tokenExpiresAt: null }), active, {}],
    ['the sandbox: the link is open', false, account(renewed), active, { linkState: 'open' }],
    ['the sandbox: the link was used', true, account(renewed), ending, { linkState: 'used' }],
    [
      'the sandbox: the link was used, its tokens are still on the way',
      false,
      active,
      active,
      { linkState: 'used' },
    ],
  ])('%s: %s', (_what, expected, now, before, given) => {
    expect(isAuthorized(now, before, evidence(given))).toBe(expected);
  });
});

describe('isAmbiguous', () => {
  it.each<[string, boolean, ConnectedAccount, ConnectedAccount, Partial<Evidence>]>([
    ['new credentials when a renewal was due', true, account(renewed), ending, {}],
    ['new credentials long before', false, account(renewed), active, {}],
    ['nothing new', false, ending, ending, {}],
    ['it became ACTIVE', false, account(renewed), pending, {}],
    ['the sandbox knows', false, account(renewed), ending, { linkState: 'open' }],
  ])('%s: %s', (_what, expected, now, before, given) => {
    expect(isAmbiguous(now, before, evidence(given))).toBe(expected);
  });
});

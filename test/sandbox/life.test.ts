import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  apiSees,
  callbackOf,
  later,
  linkOf,
  type Setting,
  setting,
  statusOf,
  USER,
} from './support/oauth.ts';
import { signedInSdk } from './support/sandbox.ts';
import { signal } from './support/signal.ts';

const DUE_MS = 3_400_000;

async function authorized(options: Parameters<typeof setting>[0] = {}): Promise<Setting> {
  const here = await setting(options);
  await fetch(await linkOf(here.sdk));
  here.provider.tokenRequests.length = 0;
  return here;
}

async function tokensOf({ sdk }: Setting) {
  const { connectedAccount } = await sdk.actions.getConnectedAccount(USER);
  const { details } = connectedAccount?.authorizationDetails ?? {};
  return details?.case === 'oauthToken' ? details.value : undefined;
}

/** The refresh tokens that the provider was shown, oldest first. */
function shown({ provider }: Setting): (string | null)[] {
  return provider.tokenRequests.map(({ form }) => form.get('refresh_token'));
}

describe('renewal under way', () => {
  it('is waited for by all who come, whatever they come with', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('proxy', 'auth'), { minLength: 2, maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        async (kinds, rounds) => {
          const here = await authorized();
          for (let round = 1; round <= rounds; round += 1) {
            await later(here, DUE_MS);
            const seen = await Promise.all(
              kinds.map(async (kind) =>
                kind === 'proxy' ? apiSees(here.sdk) : `Bearer ${(await tokensOf(here))?.accessToken ?? ''}`,
              ),
            );
            expect(new Set(seen)).toEqual(new Set([`Bearer access-${round + 1}`]));
          }
          // Each round one request, each with the refresh token of the round before: none was lost, none used twice.
          expect(shown(here)).toEqual(Array.from({ length: rounds }, (_, index) => `refresh-${index + 1}`));
          expect(statusOf(here)).toBe('ACTIVE');
        },
      ),
      { numRuns: 8 },
    );
  });

  async function underWay(): Promise<{ here: Setting; answer: () => void; call: Promise<unknown> }> {
    const here = await authorized();
    await later(here, DUE_MS);
    const held = signal();
    here.provider.delay = held.promise;
    const call = tokensOf(here);
    await expect.poll(() => here.provider.tokenRequests.length).toBe(1);
    return { here, answer: held.resolve, call };
  }

  it('does not bring a disconnected account back', async () => {
    const { here, answer, call } = await underWay();
    here.sandbox.control.disconnectAccount(USER);
    answer();
    await call;
    expect(statusOf(here)).toBe('DISCONNECTED');
    expect(await tokensOf(here)).toBeUndefined();
  });

  it('nor a deleted one', async () => {
    const { here, answer, call } = await underWay();
    await here.sdk.actions.deleteConnectedAccount(USER);
    answer();
    await call.catch(() => {});
    expect(here.sandbox.control.accounts()).toEqual([]);
  });

  it('gives way to an authorization that is finished in between', async () => {
    const { here, answer, call } = await underWay();
    await here.sdk.actions.updateConnectedAccount({
      ...USER,
      authorizationDetails: {
        details: { case: 'oauthToken', value: { accessToken: 'mine', refreshToken: 'mine-too', scopes: [] } },
      } as never,
    });
    answer();
    await call;
    expect(await tokensOf(here)).toMatchObject({ accessToken: 'mine', refreshToken: 'mine-too' });
  });

  it('keeps its refresh token, and the scopes that are set in between', async () => {
    const { here, answer, call } = await underWay();
    await here.sdk.actions.updateConnectedAccount({
      ...USER,
      authorizationDetails: {
        details: { case: 'oauthToken', value: { accessToken: '', refreshToken: '', scopes: ['other'] } },
      } as never,
    });
    answer();
    await call;
    expect(await tokensOf(here)).toMatchObject({
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
      scopes: ['other'],
    });
  });
});

describe('what a renewal comes to', () => {
  it.each([
    ['invalid_grant', { status: 400, body: { error: 'invalid_grant' } }, 'EXPIRED'],
    ['a client that is not known any more', { status: 401, body: { error: 'invalid_client' } }, 'EXPIRED'],
    ['no words', { status: 400, body: 'no' }, 'EXPIRED'],
    ['200 and an error, as GitHub does', { status: 200, body: { error: 'bad_refresh_token' } }, 'EXPIRED'],
    ['too many requests', { status: 429, body: { error: 'slow_down' } }, 'ACTIVE'],
    ['trouble in JSON', { status: 503, body: { error: 'temporarily_unavailable' } }, 'ACTIVE'],
    ['trouble that calls itself so', { status: 400, body: { error: 'temporarily_unavailable' } }, 'ACTIVE'],
    ['trouble without', { status: 500, body: 'oops' }, 'ACTIVE'],
    ['a redirect', { status: 302, body: '' }, 'ACTIVE'],
    ['nonsense', { status: 200, body: 'what?' }, 'ACTIVE'],
  ])('%s', async (_what, answer, status) => {
    const here = await authorized({ client: { token_endpoint_auth_method: 'client_secret_basic' } });
    here.provider.tokenAnswers.push(answer);
    await later(here, DUE_MS);
    expect((await tokensOf(here))?.accessToken).toBe('access-1');
    expect(statusOf(here)).toBe(status);
  });

  it('a token that lives shorter than it is renewed ahead is renewed after half of its life', async () => {
    const here = await setting({ provider: { expiresIn: 60 } });
    await fetch(await linkOf(here.sdk));
    await apiSees(here.sdk);
    await later(here, 29_000);
    await apiSees(here.sdk);
    expect(here.provider.tokenRequests).toHaveLength(1);
    await later(here, 2_000);
    expect(await apiSees(here.sdk)).toBe('Bearer access-2');
    await apiSees(here.sdk);
    expect(here.provider.tokenRequests).toHaveLength(2);
  });

  it('refresh_ahead says how long before the end', async () => {
    const here = await authorized({ environment: { refresh_ahead: 60 } });
    await later(here, 3_500_000);
    expect(await apiSees(here.sdk)).toBe('Bearer access-1');
    await later(here, 50_000);
    expect(await apiSees(here.sdk)).toBe('Bearer access-2');
  });

  it('a 401 of the provider passes through as it is, and changes nothing', async () => {
    const here = await authorized();
    await here.sandbox.control.revokeAccount(USER);
    const seen = await apiSees(here.sdk);
    expect(seen).toMatch(/^Bearer revoked_/);
    expect(here.provider.tokenRequests).toEqual([]);
    expect(statusOf(here)).toBe('ACTIVE');
  });
});

describe('by itself, as time passes', () => {
  it('a token is renewed before it ends, with nobody asking', async () => {
    const here = await authorized({ ownClock: true });
    here.sandbox.control.advanceClock(3_299);
    here.sandbox.control.advanceClock(2);
    await expect.poll(() => shown(here)).toEqual(['refresh-1']);
    await expect.poll(async () => (await tokensOf(here))?.accessToken).toBe('access-2');
    here.sandbox.control.advanceClock(3_400);
    await expect.poll(() => shown(here)).toEqual(['refresh-1', 'refresh-2']);
  });

  it('an access that was revoked is found out at the next renewal', async () => {
    const here = await authorized({ ownClock: true });
    await here.sandbox.control.revokeAccount(USER);
    expect(statusOf(here)).toBe('ACTIVE');
    here.provider.tokenAnswers.push({ status: 400, body: { error: 'invalid_grant' } });
    here.sandbox.control.advanceClock(3_400);
    await expect.poll(() => statusOf(here)).toBe('EXPIRED');
    expect(shown(here)).toEqual([expect.stringMatching(/^revoked_/)]);
  });

  it('a provider that is down is not asked all the time', async () => {
    const here = await authorized({ ownClock: true });
    here.provider.tokenAnswers.push(...Array.from({ length: 9 }, () => ({ status: 503, body: 'later' })));
    for (let second = 0; second < 20; second += 1)
      here.sandbox.control.advanceClock(second === 0 ? 3_310 : 1);
    await expect.poll(() => here.provider.tokenRequests.length).toBe(1);
    here.sandbox.control.advanceClock(30);
    await expect.poll(() => here.provider.tokenRequests.length).toBe(2);
    expect(statusOf(here)).toBe('ACTIVE');
    here.sandbox.control.advanceClock(300);
    await expect.poll(() => statusOf(here)).toBe('EXPIRED');
  });

  it('nothing happens while the clock stands still', async () => {
    const here = await authorized({ ownClock: true, provider: { expiresIn: 1 } });
    here.sandbox.control.freezeClock();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(here.provider.tokenRequests).toEqual([]);
    here.sandbox.control.resumeClock();
    await expect.poll(() => shown(here), { timeout: 4_000 }).toEqual(['refresh-1']);
  });

  it('what a snapshot brings along is watched, too', async () => {
    const here = await authorized({ ownClock: true });
    const snapshot = here.sandbox.control.snapshot({ includeSecrets: true });
    here.sandbox.control.reset();
    expect(here.sandbox.control.accounts()).toEqual([]);
    here.sandbox.control.restore(snapshot);
    here.sandbox.control.advanceClock(3_400);
    await expect.poll(async () => (await tokensOf(here))?.accessToken).toBe('access-2');
    // What was there before is not renewed beside it: the second to show a refresh token loses the access.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(shown(here)).toEqual(['refresh-1']);
    expect(statusOf(here)).toBe('ACTIVE');
  });

  it('a snapshot of a later time is watched by its own', async () => {
    const here = await authorized({ ownClock: true });
    const twoDaysMs = 172_800_000;
    const snapshot = here.sandbox.control.snapshot({ includeSecrets: true }) as unknown as {
      takenAt: string;
      clock: { offsetMs: number };
      accounts: { credentials: { expiresAt: string } }[];
    };
    snapshot.clock.offsetMs += twoDaysMs;
    // Due a second after it is restored, and long after what was waited for until then.
    const endsAt = Date.parse(snapshot.takenAt) + twoDaysMs + 301_000;
    for (const { credentials } of snapshot.accounts) credentials.expiresAt = new Date(endsAt).toISOString();
    here.sandbox.control.restore(snapshot);
    await expect.poll(() => shown(here), { timeout: 4_000 }).toEqual(['refresh-1']);
  });
});

describe('the end of an access', () => {
  it('expire: nothing can be renewed, and the account is EXPIRED', async () => {
    const here = await authorized();
    here.sandbox.control.expireAccount(USER);
    await expect(apiSees(here.sdk)).rejects.toMatchObject({ errDetails: { code: 9 } });
    expect(here.provider.tokenRequests).toEqual([]);
    expect(statusOf(here)).toBe('EXPIRED');
  });

  it.each(['expireAccount', 'disconnectAccount', 'revokeAccount'] as const)(
    'after %s a link brings the account back',
    async (end) => {
      const here = await authorized();
      await here.sandbox.control[end](USER);
      await fetch(await callbackOf(await linkOf(here.sdk)));
      expect(statusOf(here)).toBe('ACTIVE');
      expect(await apiSees(here.sdk)).toBe('Bearer access-2');
    },
  );

  it('a newer grant without a refresh token does not go on with the old one, which may be another user’s', async () => {
    const here = await authorized();
    here.provider.issuesRefreshTokens = false;
    await fetch(await callbackOf(await linkOf(here.sdk)));
    expect(await tokensOf(here)).toMatchObject({ accessToken: 'access-2', refreshToken: '' });
  });

  it('an account that ran out is EXPIRED for everybody', async () => {
    const here = await authorized({ provider: { issuesRefreshTokens: false } });
    here.clock.now += 3_601_000;
    const sdk = await signedInSdk(here.sandbox);
    const { connectedAccounts } = await sdk.actions.listConnectedAccounts({});
    expect(connectedAccounts[0]?.status).toBe(2);
    const { connectedAccount } = await sdk.actions.getConnectedAccount(USER);
    expect(connectedAccount?.status).toBe(2);
    expect(here.sandbox.control.accounts({ status: 'EXPIRED' })).toHaveLength(1);
    await expect(apiSees(sdk)).rejects.toMatchObject({ errDetails: { code: 9 } });
  });
});

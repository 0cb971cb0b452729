import { describe, expect, it } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import { type Sandbox, SandboxControlError } from '../../src/sandbox/start.ts';
import { apiSees, callbackOf, linkOf, type Setting, setting, USER } from './support/oauth.ts';
import { connector, oneConnection, sandboxWith, sdkOf } from './support/sandbox.ts';

const KEYS: SandboxConfig = {
  ...oneConnection({ proxy_url: 'http://127.0.0.1:1' }),
  accounts: [
    { connection: 'demo', identifier: 'from_config', credentials: { token: 'configured-secret' } },
    { connection: 'demo', identifier: 'pending' },
  ],
};

const accountIn = ({ control }: Sandbox, identifier: string) =>
  control.accounts().find((account) => account.identifier === identifier);

async function add(sandbox: Sandbox, identifier: string, token: string): Promise<void> {
  const sdk = sdkOf(sandbox);
  const account = { connectionName: 'demo', identifier };
  await sdk.actions.getOrCreateConnectedAccount(account);
  await sdk.actions.updateConnectedAccount({
    ...account,
    authorizationDetails: { details: { case: 'staticAuth', value: { details: { token } } } } as never,
  });
}

/** With something in every section. */
async function livedIn(): Promise<Sandbox> {
  const sandbox = await sandboxWith({
    ...KEYS,
    connections: [...KEYS.connections, { name: 'unused', connector: 'demo' }],
  });
  await add(sandbox, 'user_1', 'secret-of-user-1');
  await sdkOf(sandbox).actions.getAuthorizationLink({
    connectionName: 'demo',
    identifier: 'pending',
    state: 'state-of-the-app',
  });
  const { control } = sandbox;
  control.setAccountStatus('demo', 'user_1', 'EXPIRED');
  control.addConnection({ name: 'added', connector: 'demo' });
  control.removeConnection('unused');
  control.addFault({ match: { connectionName: 'demo' }, effect: { status: 503 }, times: 2 });
  control.freezeClock('2030-01-01T00:00:00.000Z');
  return sandbox;
}

/** Everything that a user can see of it. */
function visible({ control }: Sandbox) {
  return {
    accounts: control.accounts(),
    connections: control.connections().map(({ name }) => name),
    links: control.links({ state: 'all' }),
    faults: control.faults(),
    clock: control.clock().now,
  };
}

describe('a snapshot', () => {
  it('with secrets brings all of it back', async () => {
    const sandbox = await livedIn();
    const before = visible(sandbox);
    const snapshot = sandbox.control.snapshot({ includeSecrets: true });
    sandbox.control.reset();
    expect(visible(sandbox)).not.toEqual(before);
    sandbox.control.restore(JSON.parse(JSON.stringify(snapshot)));
    expect(visible(sandbox)).toEqual(before);
    expect(sandbox.control.snapshot({ includeSecrets: true })).toEqual(snapshot);
  });

  it('without them holds none, and leaves what they are', async () => {
    const sandbox = await livedIn();
    const text = JSON.stringify(sandbox.control.snapshot());
    const [link] = sandbox.control.links();
    const secrets = [
      'secret-of-user-1',
      'configured-secret',
      'state-of-the-app',
      sandbox.env.SCALEKIT_CLIENT_SECRET,
      sandbox.env.SK_CONNECT_SANDBOX_TOKEN,
      link?.link.split('/').at(-1) ?? '?',
    ];
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/signingKey|formToken|credentials/);
    const before = visible(sandbox);
    sandbox.control.reset();
    sandbox.control.restore(JSON.parse(text));
    const after = visible(sandbox);
    // The links have other addresses.
    expect({ ...after, links: after.links.map(({ link: _link, ...rest }) => rest) }).toEqual({
      ...before,
      links: before.links.map(({ link: _link, ...rest }) => rest),
    });
    expect(after.links[0]?.link).not.toBe(before.links[0]?.link);
  });

  it('without secrets: who was ACTIVE has to authorize, but for whom the config has credentials', async () => {
    const sandbox = await sandboxWith(KEYS);
    await add(sandbox, 'user_1', 'secret');
    sandbox.control.restore(sandbox.control.snapshot());
    expect(accountIn(sandbox, 'user_1')?.status).toBe('PENDING_AUTH');
    expect(accountIn(sandbox, 'from_config')?.status).toBe('ACTIVE');
  });

  it('leaves the address, the client and the control token as they are', async () => {
    const [one, other] = [await livedIn(), await sandboxWith(KEYS)];
    other.control.restore(one.control.snapshot({ includeSecrets: true }));
    expect(accountIn(other, 'user_1')).toEqual(accountIn(one, 'user_1'));
    await expect(sdkOf(other).actions.listConnections()).resolves.toBeDefined();
    const [link] = other.control.links({ state: 'all' });
    expect(link?.link.startsWith(other.url)).toBe(true);
  });

  it('accounts and links are what they were to their last field', async () => {
    const here = await setting();
    await fetch(await linkOf(here.sdk));
    const { control } = here.sandbox;
    const snapshot = control.snapshot({ includeSecrets: true });
    const [account] = (snapshot as unknown as { accounts: { credentials: object }[] }).accounts;
    // Everything that the sandbox knows of tokens: what is missing here is lost with every restart.
    expect(Object.keys(account?.credentials ?? {}).toSorted()).toEqual([
      'accessToken',
      'expiresAt',
      'issuedAt',
      'kind',
      'refreshToken',
      'scopes',
    ]);
    control.restore(snapshot);
    expect(control.snapshot({ includeSecrets: true })).toEqual(snapshot);
  });

  it('tokens that rotate and links under way go with it', async () => {
    const here = await setting();
    await fetch(await linkOf(here.sdk));
    const snapshot = here.sandbox.control.snapshot({ includeSecrets: true });
    here.sandbox.control.reset();
    here.sandbox.control.restore(snapshot);
    expect(await apiSees(here.sdk)).toBe('Bearer access-1');
    here.clock.now += 3590 * 1000;
    expect(await apiSees(here.sdk)).toBe('Bearer access-2');
    expect(here.provider.tokenRequests.at(-1)?.form.get('refresh_token')).toBe('refresh-1');
    const { control } = here.sandbox;
    expect(control.account(USER).status).toBe('ACTIVE');
  });
});

describe('a snapshot that does not go with the sandbox', () => {
  const good = {
    format: 'sk-connect-sandbox',
    version: 1,
    takenAt: '2026-01-01T00:00:00.000Z',
    includesSecrets: true,
  };
  const account = {
    connectedAccountId: 'ca_1',
    connectionName: 'demo',
    identifier: 'u1',
    status: 'ACTIVE',
    updatedAt: '2026-01-01T00:00:00.000Z',
    credentials: { kind: 'static', details: { token: 't' } },
  };

  it.each([
    ['of something else', { name: 'package' }, 'format is not sk-connect-sandbox'],
    ['null', null, 'format is not sk-connect-sandbox'],
    ['a list', [], 'format is not sk-connect-sandbox'],
    ['of another version', { ...good, version: 7 }, 'version is 7; this sk-connect reads version 1'],
    ['with a part that is not known', { ...good, weather: 1 }, 'weather is not known here'],
    [
      'with a wrong value',
      { ...good, clock: { offsetMs: 'far', frozenAt: null } },
      'clock.offsetMs must be a number',
    ],
    [
      'with an account of no connection',
      { ...good, accounts: [{ ...account, connectionName: 'gone' }] },
      'accounts[0].connectionName no connection is called gone',
    ],
    [
      'with an account twice',
      { ...good, accounts: [account, { ...account, connectedAccountId: 'ca_2' }] },
      'accounts[1].identifier another account has this connection and identifier',
    ],
    [
      'with credentials of another kind',
      { ...good, accounts: [{ ...account, credentials: { kind: 'oauth', accessToken: 'a', scopes: [] } }] },
      'accounts[0].credentials are oauth, which demo does not take',
    ],
    [
      'with credentials of no kind',
      { ...good, accounts: [{ ...account, credentials: { kind: 'magic' } }] },
      'accounts[0].credentials',
    ],
    [
      'with a link of no account',
      { ...good, links: [{ id: 'lnk_1', connectedAccountId: 'ca_9', expiresAt: good.takenAt, used: false }] },
      'links[0].connectedAccountId no account is ca_9',
    ],
    [
      'with a connection that no config could have',
      { ...good, connections: [{ connection: { name: 'x', connector: 'nobody' }, createdAt: good.takenAt }] },
      'connections[0].connection.connector names nobody, but there is no such connector',
    ],
    [
      'without the connector of a connection of the config',
      { ...good, removed: { connectors: ['demo'] } },
      'connections[0] of the config',
    ],
  ])('%s is refused with its place, and nothing changes', async (_what, document, message) => {
    const sandbox = await sandboxWith(KEYS);
    const before = visible(sandbox);
    const restore = () => sandbox.control.restore(document);
    expect(restore).toThrow(SandboxControlError);
    expect(restore).toThrow(message);
    expect(visible(sandbox).accounts).toEqual(before.accounts);
  });

  it('every problem is told', async () => {
    const sandbox = await sandboxWith(KEYS);
    const accounts = ['one', 'two'].map((connectionName, index) => ({
      ...account,
      connectedAccountId: `ca_${index}`,
      connectionName,
    }));
    let problems: unknown;
    try {
      sandbox.control.restore({ ...good, accounts });
    } catch (error) {
      problems = error instanceof SandboxControlError ? error.problems : error;
    }
    expect(problems).toEqual([
      { path: 'accounts[0].connectionName', message: 'no connection is called one' },
      { path: 'accounts[1].connectionName', message: 'no connection is called two' },
    ]);
  });
});

describe('a consent that still waits for its user to be verified', () => {
  async function waiting(): Promise<Setting> {
    const here = await setting({ environment: { user_verification: 'custom' } });
    const link = await linkOf(here.sdk, { userVerifyUrl: 'http://127.0.0.1:3/verify' });
    await fetch(await callbackOf(link), { redirect: 'manual' });
    expect(here.sandbox.control.snapshot({ includeSecrets: true })).toMatchObject({ verifications: [{}] });
    return here;
  }

  it('goes on where the snapshot is restored', async () => {
    const { sandbox, sdk } = await waiting();
    const { control } = sandbox;
    const snapshot = control.snapshot({ includeSecrets: true });
    const { verifications = [] } = snapshot as { verifications?: { authRequestId: string }[] };
    control.reset();
    control.restore(snapshot);
    expect(control.snapshot({ includeSecrets: true })).toEqual(snapshot);
    const authRequestId = verifications[0]?.authRequestId ?? '';
    await sdk.actions.verifyConnectedAccountUser({ authRequestId, identifier: USER.identifier });
    expect(control.accounts()).toMatchObject([{ status: 'ACTIVE' }]);
  });

  it('begins anew without its secrets', async () => {
    const { control } = (await waiting()).sandbox;
    control.restore(control.snapshot());
    expect(control.accounts()).toMatchObject([{ status: 'PENDING_AUTH' }]);
  });

  it.each<[string, (here: Setting) => Promise<void> | void]>([
    ['its connection is', ({ sandbox }) => sandbox.control.removeConnection(USER.connectionName)],
    [
      'its time and its link are',
      async (here) => {
        here.clock.now += 2 * 3600 * 1000;
        await linkOf(here.sdk);
      },
    ],
  ])('is in no snapshot once %s gone, and the snapshot can be restored', async (_what, change) => {
    const here = await waiting();
    await change(here);
    const { control } = here.sandbox;
    const snapshot = control.snapshot({ includeSecrets: true });
    expect(snapshot).toMatchObject({ verifications: [] });
    control.restore(snapshot);
    expect(control.snapshot({ includeSecrets: true })).toEqual(snapshot);
  });
});

describe('reset', () => {
  it('is the config, the clock and the calls, with the same address and client', async () => {
    const fresh = visible(await sandboxWith(KEYS));
    const sandbox = await livedIn();
    sandbox.control.reset();
    const after = visible(sandbox);
    expect(after.accounts.map(({ identifier, status }) => [identifier, status])).toEqual(
      fresh.accounts.map(({ identifier, status }) => [identifier, status]),
    );
    expect(after).toMatchObject({ connections: ['demo', 'unused'], links: [], faults: [] });
    expect(sandbox.control.clock()).toMatchObject({ frozen: false });
    expect(Math.abs(sandbox.control.clock().offsetSeconds)).toBeLessThan(1);
    expect(sandbox.control.exchanges().exchanges).toEqual([]);
    await expect(sdkOf(sandbox).actions.listConnections()).resolves.toBeDefined();
  });

  it('the renewal of an account that is gone does not bring it back', async () => {
    const here = await setting();
    await fetch(await linkOf(here.sdk));
    let go = () => {};
    here.provider.delay = new Promise((resolve) => (go = resolve));
    here.clock.now += 3590 * 1000;
    const call = apiSees(here.sdk).catch(() => undefined);
    await expect.poll(() => here.provider.tokenRequests.length).toBe(2);
    here.sandbox.control.reset();
    go();
    await call;
    expect(here.sandbox.control.accounts()).toEqual([]);
    expect(here.sandbox.control.snapshot({ includeSecrets: true })).toMatchObject({ accounts: [] });
  });

  it('connectors that were replaced or added are as the config has them', async () => {
    const sandbox = await sandboxWith({
      ...KEYS,
      connectors: [...KEYS.connectors, connector({ display_name: 'Two' })],
    });
    sandbox.control.removeConnection('demo');
    sandbox.control.reset();
    expect(sandbox.control.connections()).toMatchObject([{ name: 'demo', connector: 'demo' }]);
  });
});

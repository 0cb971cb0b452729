import { describe, expect, it } from 'vitest';
import type { SandboxConfig } from '../../../src/sandbox/config/types.ts';
import { type Sandbox, SandboxControlError, startSandbox } from '../../../src/sandbox/start.ts';
import { authorizationServer } from '../support/authorization-server.ts';
import {
  accessToken,
  connector,
  oneConnection,
  sandboxWith,
  sdkOf,
  signedInSdk,
} from '../support/sandbox.ts';
import { upstream } from '../support/upstream.ts';

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

async function proxied(sandbox: Sandbox, identifier = 'u'): Promise<number> {
  const headers = {
    authorization: `Bearer ${await accessToken(sandbox)}`,
    connection_name: 'demo',
    identifier,
  };
  return (await fetch(`${sandbox.url}/proxy/x`, { headers })).status;
}

/** Takes the tokens that it was told of, and nothing else. */
async function provider(...known: string[]): Promise<string> {
  return upstream((request, response) => {
    const isKnown = known.includes(request.headers.authorization ?? '');
    response.writeHead(isKnown ? 200 : 401).end();
  });
}

function staticConfig(proxyUrl: string): SandboxConfig {
  const accounts = [{ connection: 'demo', identifier: 'u', credentials: { token: 'good' } }];
  return oneConnection({ proxy_url: proxyUrl }, { accounts });
}

describe('many in one process', () => {
  it('twenty at once, each with its own clock, faults, accounts and log', async () => {
    const proxyUrl = await provider('Bearer good');
    const sandboxes = await Promise.all(
      Array.from({ length: 20 }, () => sandboxWith(staticConfig(proxyUrl))),
    );
    for (const [index, { control }] of sandboxes.entries()) {
      control.advanceClock(index * 1000);
      if (index % 2 === 0) control.addFault({ effect: { status: 500 + (index % 10) } });
      if (index % 3 === 0) control.setAccountStatus('demo', 'u', 'DISCONNECTED');
    }
    const statuses = await Promise.all(sandboxes.map((sandbox) => proxied(sandbox)));
    const expected = sandboxes.map((_, index) => {
      if (index % 3 === 0) return 400;
      return index % 2 === 0 ? 500 + (index % 10) : 200;
    });
    expect(statuses).toEqual(expected);
    for (const [index, { control }] of sandboxes.entries()) {
      expect(control.clock().offsetSeconds).toBe(index * 1000);
      const { exchanges } = control.exchanges();
      expect(exchanges.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
        'token 200',
        `proxy ${expected[index]}`,
      ]);
    }
    const before = performance.now();
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('`await using` closes it', async () => {
    let url: string;
    {
      await using sandbox = await startSandbox({ config: oneConnection() });
      ({ url } = sandbox);
      expect((await fetch(`${url}/keys`)).status).toBe(200);
    }
    await expect(fetch(`${url}/keys`)).rejects.toThrow('fetch failed');
  });

  it('closes within two seconds whatever is under way', async () => {
    const stuck = await upstream((request, response) => {
      if (request.url === '/stream') response.writeHead(200).write('begun');
    });
    const config = {
      ...staticConfig(stuck),
      environment: {
        webhooks: [
          { url: `${stuck}/hook`, secret: `whsec_${Buffer.from('secret'.repeat(5)).toString('base64')}` },
        ],
      },
    };
    const sandbox = await sandboxWith(config);
    const sdk = await signedInSdk(sandbox);
    const headers = {
      authorization: `Bearer ${await accessToken(sandbox)}`,
      connection_name: 'demo',
      identifier: 'u',
    };
    const get = (path: string) =>
      fetch(`${sandbox.url}${path}`, { headers }).then(
        (response) => response.text(),
        () => 'failed',
      );
    const settled = [get('/proxy/silent'), get('/proxy/stream').catch(() => 'failed')];
    sandbox.control.setAccountStatus('demo', 'u', 'DISCONNECTED');
    sandbox.control.setAccountStatus('demo', 'u', 'ACTIVE');
    sandbox.control.addFault({ effect: { latencyMs: 3_600_000 } });
    settled.push(get('/proxy/late'), get('/api/v1/connected_accounts'));
    settled.push(sdk.actions.listConnectedAccounts({ connectionName: 'demo' }).then(String, () => 'failed'));
    while ((sandbox.control.faults()[0]?.hits ?? 0) < 3) await new Promise((next) => setTimeout(next, 10));
    const before = performance.now();
    await sandbox.close();
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(new Set(await Promise.all(settled))).toEqual(new Set(['failed']));
  });
});

describe('links', () => {
  it('are found by id and by address, and approved', async () => {
    const sandbox = await sandboxWith(
      oneConnection({}, { accounts: [{ connection: 'demo', identifier: 'u' }] }),
    );
    const { control } = sandbox;
    const { link } = await sdkOf(sandbox).actions.getAuthorizationLink({
      connectionName: 'demo',
      identifier: 'u',
    });
    const [pending] = control.pendingLinks();
    expect(pending).toMatchObject({ link, connectionName: 'demo', identifier: 'u', state: 'open' });
    expect(control.link(link)).toEqual(pending);
    await expect(control.approveLink(link)).rejects.toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringContaining('token') as string,
      }) as Error,
    );
    expect(await control.approveLink(link, { token: 't' })).toMatchObject({
      identifier: 'u',
      status: 'ACTIVE',
    });
    expect(control.link(pending?.id ?? '').state).toBe('used');
    expect(control.overview()).toMatchObject({ pendingLinks: 0, accounts: 1 });
  });

  it('that are denied say so to who opens them', async () => {
    const sandbox = await sandboxWith(
      oneConnection({}, { accounts: [{ connection: 'demo', identifier: 'u' }] }),
    );
    const { link } = await sdkOf(sandbox).actions.getAuthorizationLink({
      connectionName: 'demo',
      identifier: 'u',
    });
    expect(
      sandbox.control.denyLink(link, { error: 'invalid_scope', errorDescription: 'not yours' }),
    ).toMatchObject({
      state: 'denied',
      error: 'invalid_scope',
      errorDescription: 'not yours',
    });
    const page = await fetch(link);
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect(await page.text()).toContain('invalid_scope');
  });
});

describe('accounts', () => {
  it('are listed by connection, user and state', async () => {
    const { control } = await sandboxWith({
      connectors: [connector()],
      connections: [
        { name: 'a', connector: 'demo' },
        { name: 'b', connector: 'demo' },
      ],
      accounts: [
        { connection: 'a', identifier: 'x', credentials: { token: 't' } },
        { connection: 'a', identifier: 'y' },
        { connection: 'b', identifier: 'x' },
      ],
    });
    const names = (filter?: Parameters<typeof control.accounts>[0]) =>
      control.accounts(filter).map(({ connectionName, identifier }) => connectionName + identifier);
    expect(names()).toEqual(['ax', 'ay', 'bx']);
    expect(names({ connectionName: 'a' })).toEqual(['ax', 'ay']);
    expect(names({ identifier: 'x' })).toEqual(['ax', 'bx']);
    expect(names({ identifier: 'x', connectionName: 'b' })).toEqual(['bx']);
    expect(names({ status: 'PENDING_AUTH' })).toEqual(['ay', 'bx']);
    expect(names({ connectionName: 'none' })).toEqual([]);
    expect(control.account({ connectionName: 'b', identifier: 'x' })).toMatchObject({
      provider: 'demo',
      authorizationType: 'BEARER_TOKEN',
      tokenExpiresAt: null,
      lastUsedAt: null,
    });
    const error = thrown(() => control.account({ connectionName: 'b', identifier: 'y' }));
    expect(error).toBeInstanceOf(SandboxControlError);
    expect(error).toMatchObject({ code: 'account_not_found', status: 404 });
  });

  it.each([undefined, null, 5, {}, { identifier: 'u' }])(
    'an account that %j does not name',
    async (given) => {
      const { control } = await sandboxWith(staticConfig(await provider('Bearer good')));
      const reference = given as unknown as string;
      for (const what of ['account', 'expireAccount', 'disconnectAccount'] as const)
        expect(thrown(() => control[what](reference))).toMatchObject({
          code: 'invalid_request',
          message: 'an account is named by its id, or by its connectionName and identifier',
        });
      await expect(control.revokeAccount(reference)).rejects.toBeInstanceOf(SandboxControlError);
    },
  );

  it.each([
    ['expire', 'EXPIRED', 400],
    ['revoke', 'ACTIVE', 401],
    ['disconnect', 'DISCONNECTED', 400],
  ] as const)('%s: %s, and a call gets %i', async (what, status, answer) => {
    const sandbox = await sandboxWith(staticConfig(await provider('Bearer good')));
    const { control } = sandbox;
    const reference = { connectionName: 'demo', identifier: 'u' };
    expect(await proxied(sandbox)).toBe(200);
    const account = await control[`${what}Account`](reference);
    expect(account.status).toBe(status);
    expect(await proxied(sandbox)).toBe(answer);
    expect(control.account(account.connectedAccountId).status).toBe(status);
  });

  it('an expired token cannot be renewed', async () => {
    const { authorizeUri, tokenUri, tokenRequests } = await authorizationServer();
    const oauth_config = { authorize_uri: authorizeUri, token_uri: tokenUri };
    const credentials = { access_token: 'good', refresh_token: 'r', expires_in: 3000 };
    const sandbox = await sandboxWith({
      connectors: [
        connector({
          proxy_url: await provider('Bearer good'),
          auth_patterns: [{ type: 'OAUTH', oauth_config }],
        }),
      ],
      connections: [{ name: 'demo', connector: 'demo', oauth: { client_id: 'c', client_secret: 's' } }],
      accounts: [{ connection: 'demo', identifier: 'u', credentials }],
    });
    const { control } = sandbox;
    control.freezeClock();
    const account = control.expireAccount({ connectionName: 'demo', identifier: 'u' });
    expect(account).toMatchObject({ status: 'EXPIRED', tokenExpiresAt: control.clock().now });
    control.setAccountStatus('demo', 'u', 'ACTIVE');
    expect(await proxied(sandbox)).toBe(400);
    expect(tokenRequests).toEqual([]);
  });

  it('a revoked grant is found out by the next refresh', async () => {
    const { authorizeUri, tokenUri, tokenAnswers, tokenRequests } = await authorizationServer();
    const oauth_config = { authorize_uri: authorizeUri, token_uri: tokenUri };
    const sandbox = await sandboxWith({
      connectors: [
        connector({
          proxy_url: await provider('Bearer good', 'Bearer access-1'),
          auth_patterns: [{ type: 'OAUTH', oauth_config }],
        }),
      ],
      connections: [{ name: 'demo', connector: 'demo', oauth: { client_id: 'c', client_secret: 's' } }],
      accounts: [
        {
          connection: 'demo',
          identifier: 'u',
          credentials: { access_token: 'good', refresh_token: 'r', expires_in: 3000 },
        },
      ],
    });
    expect(await proxied(sandbox)).toBe(200);
    const { status } = await sandbox.control.revokeAccount({ connectionName: 'demo', identifier: 'u' });
    expect(status).toBe('ACTIVE');
    // As a provider answers to what it does not know.
    for (let count = 0; count < 3; count += 1)
      tokenAnswers.push({ status: 400, body: { error: 'invalid_grant' } });
    sandbox.control.advanceClock(2900);
    await proxied(sandbox);
    expect(sandbox.control.accounts()[0]?.status).toBe('EXPIRED');
    expect(tokenRequests[0]?.form.get('refresh_token')).toMatch(/^revoked_/);
  });
});

describe('connections', () => {
  it('take their accounts and links with them', async () => {
    const config = oneConnection({}, { accounts: [{ connection: 'demo', identifier: 'u' }] });
    const sandbox = await sandboxWith(config);
    const { control } = sandbox;
    const reference = { connectionName: 'demo', identifier: 'u' };
    const { link } = await sdkOf(sandbox).actions.getAuthorizationLink(reference);
    expect(control.connections()).toMatchObject([{ name: 'demo', connector: 'demo', authType: 'BEARER' }]);
    control.removeConnection('demo');
    expect(control.overview()).toMatchObject({ connections: 0, accounts: 0, pendingLinks: 0 });
    expect((await fetch(link)).status).toBe(404);
    expect(thrown(() => control.removeConnection('demo'))).toMatchObject({ code: 'connection_not_found' });
    control.addConnection({ name: 'demo', connector: 'Demo' });
    expect(control.accounts()).toEqual([]);
  });
});

describe('reset', () => {
  it('goes back to the config as it was given, whatever became of it since', async () => {
    const config: SandboxConfig = oneConnection({}, { accounts: [{ connection: 'demo', identifier: 'u' }] });
    const [one, other] = [await sandboxWith(config), await sandboxWith(config)];
    config.accounts?.push({ connection: 'demo', identifier: 'pushed' });
    Object.assign(config.connectors[0] ?? {}, { proxy_enabled: false });
    for (const { control } of [one, other]) {
      control.reset();
      expect(control.accounts()).toMatchObject([{ identifier: 'u' }]);
    }
    const headers = { connection_name: 'demo', identifier: 'u' };
    const authorization = `Bearer ${await accessToken(one)}`;
    const answer = await fetch(`${one.url}/proxy/x`, { headers: { ...headers, authorization } });
    expect(await answer.text()).toContain('is not active');
  });

  it('goes back to the config, its faults included', async () => {
    const config: SandboxConfig = {
      ...oneConnection({}, { accounts: [{ connection: 'demo', identifier: 'u' }] }),
      faults: [
        {
          match: { connection_name: 'demo', tool_name: 'x_*' },
          effect: { status: 503, retry_after_seconds: 5, latency_ms: 1 },
          times: 2,
        },
      ],
    };
    const sandbox = await sandboxWith(config);
    const { control } = sandbox;
    const [configured] = control.faults();
    expect(configured).toEqual({
      id: 'flt_1',
      match: { connectionName: 'demo', toolName: 'x_*' },
      effect: { status: 503, retryAfterSeconds: 5, latencyMs: 1 },
      times: 2,
      hits: 0,
    });
    control.clearFaults();
    control.addFault({ effect: { reset: true } });
    control.addConnection({ name: 'more', connector: 'demo' });
    control.setAccountStatus('demo', 'u', 'ACTIVE');
    control.freezeClock();
    await sdkOf(sandbox)
      .actions.getOrCreateConnectedAccount({ connectionName: 'more', identifier: 'v' })
      .catch(() => {});
    expect(control.reset()).toMatchObject({ accounts: 1, connections: 1, pendingLinks: 0, faults: 1 });
    expect(control.faults()).toMatchObject([
      { match: configured?.match, effect: configured?.effect, hits: 0 },
    ]);
    expect(control.accounts()).toMatchObject([{ identifier: 'u', status: 'PENDING_AUTH' }]);
    expect(control.clock().frozen).toBe(false);
    expect(control.exchanges().exchanges).toEqual([]);
  });
});

describe('what is told', () => {
  it('is a copy: changing it changes nothing', async () => {
    const { control } = await sandboxWith(oneConnection());
    const given = { match: { method: 'GET' }, effect: { status: 500 } };
    const fault = control.addFault(given);
    given.effect.status = 200;
    fault.effect.status = 201;
    const [listed] = control.faults();
    expect(listed?.effect.status).toBe(500);
    if (listed) listed.effect.status = 202;
    expect(control.fault(fault.id).effect.status).toBe(500);
  });

  it('names everything that is wrong', async () => {
    const { control } = await sandboxWith(oneConnection());
    const error = thrown(() => control.addConnection({ name: 'é', connector: 'none' }));
    expect(error).toBeInstanceOf(SandboxControlError);
    expect(error).toMatchObject({
      code: 'invalid_request',
      problems: [{ path: 'name', message: 'may hold letters, digits, spaces, and _ : - only' }],
    });
  });
});

describe('a snapshot', () => {
  it('is taken and restored, in another sandbox too', async () => {
    const proxyUrl = await provider('Bearer good');
    const first = await sandboxWith(staticConfig(proxyUrl));
    first.control.advanceClock(100);
    first.control.addFault({ match: { path: '/y' }, effect: { status: 500 } });
    const snapshot = first.control.snapshot({ includeSecrets: true });
    const second = await sandboxWith(staticConfig(proxyUrl));
    expect(second.control.restore(JSON.parse(JSON.stringify(snapshot)))).toMatchObject({
      accounts: 1,
      faults: 1,
    });
    expect(second.control.accounts()).toEqual(first.control.accounts());
    expect(await proxied(second)).toBe(200);
    expect(thrown(() => second.control.restore({ format: 'x' }))).toMatchObject({
      code: 'invalid_snapshot',
      status: 400,
    });
  });
});

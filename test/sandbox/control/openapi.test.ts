import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import openapi from '../../../src/sandbox/control/openapi.json' with { type: 'json' };
import { CONTROL_ROUTES } from '../../../src/sandbox/control/routes.ts';
import { BASE, controlApi } from '../support/control-api.ts';
import { connector, oneConnection, sandboxWith, sdkOf } from '../support/sandbox.ts';

const OPERATIONS = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

function setting() {
  return sandboxWith(
    oneConnection(
      {},
      {
        accounts: [
          { connection: 'demo', identifier: 'active', credentials: { token: 't' } },
          { connection: 'demo', identifier: 'new' },
        ],
      },
    ),
  );
}

describe('the file', () => {
  it('has the server’s operations, all of them and no others', () => {
    const served = CONTROL_ROUTES.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`);
    const described = OPERATIONS.map(
      ({ method, path, operation }) => `${method} ${path} ${operation.operationId}`,
    );
    expect(described.sort()).toEqual([...served, 'GET /openapi.json getOpenApi'].sort());
  });

  it('says what each of them answers when it succeeds', () => {
    for (const { operationId, status } of CONTROL_ROUTES) {
      const described = OPERATIONS.find(({ operation }) => operation.operationId === operationId);
      const successes = Object.keys(described?.operation.responses ?? {}).filter((code) => code < '300');
      expect([operationId, successes]).toEqual([operationId, [String(status)]]);
    }
  });

  it('has examples that fit its schemas', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(openapi, 'file');
    let examples = 0;
    walk(openapi, [], (value, path) => {
      if (!('schema' in value && 'example' in value)) return;
      examples += 1;
      const pointer = path.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1')));
      const validate = ajv.getSchema(`file#/${pointer.join('/')}/schema`);
      expect(validate?.(value['example']), `${path.join(' ')}: ${ajv.errorsText(validate?.errors)}`).toBe(
        true,
      );
    });
    expect(examples).toBeGreaterThan(40);
  });

  it('is served without a token', async () => {
    const sandbox = await setting();
    const response = await fetch(`${sandbox.url}${BASE}/openapi.json`);
    expect(await response.json()).toEqual(openapi);
  });
});

function walk(
  value: unknown,
  path: string[],
  visit: (value: Record<string, unknown>, path: string[]) => void,
): void {
  if (typeof value !== 'object' || value === null) return;
  visit(value as Record<string, unknown>, path);
  for (const [key, child] of Object.entries(value)) walk(child, [...path, key], visit);
}

describe('the server', () => {
  it('does what the file says, operation by operation', async () => {
    const sandbox = await setting();
    const sdk = sdkOf(sandbox);
    const { call, succeeded } = await controlApi(sandbox);
    const newLink = async (identifier: string) => {
      await sdk.actions.getAuthorizationLink({ connectionName: 'demo', identifier });
      const { body } = await call('listLinks');
      return body.links.at(-1).id as string;
    };
    await call('getOpenApi');
    expect((await call('getOverview')).body).toMatchObject({ connections: 1, accounts: 2, pendingLinks: 0 });

    const approved = await newLink('new');
    expect((await call('getLink', { name: approved })).body.state).toBe('open');
    const approval = await call('approveLink', { name: approved, body: { fields: { token: 'mine' } } });
    expect(approval.body).toMatchObject({ identifier: 'new', status: 'ACTIVE' });
    const denied = await newLink('new');
    const denial = { error: 'invalid_scope', errorDescription: 'no' };
    expect((await call('denyLink', { name: denied, body: denial })).body).toMatchObject({
      ...denial,
      state: 'denied',
    });
    expect((await call('listLinks', { query: { state: 'all' } })).body.links).toHaveLength(2);

    const listed = await call('listAccounts', {
      query: { connectionName: 'demo', identifier: 'active', status: 'ACTIVE' },
    });
    const name = listed.body.accounts[0].connectedAccountId as string;
    expect((await call('getAccount', { name })).body.status).toBe('ACTIVE');
    expect((await call('revokeAccount', { name })).body.status).toBe('ACTIVE');
    expect((await call('expireAccount', { name })).body.status).toBe('EXPIRED');
    expect((await call('disconnectAccount', { name, body: {} })).body.status).toBe('DISCONNECTED');
    const status = 'EXPIRED';
    expect((await call('setAccountStatus', { name, body: { status } })).body.status).toBe(status);

    expect((await call('getClock')).body).toMatchObject({ frozen: false, offsetSeconds: 0 });
    expect((await call('advanceClock', { body: { seconds: 60 } })).body.offsetSeconds).toBe(60);
    expect((await call('freezeClock', { body: { at: '2100-01-01T00:00:00+01:00' } })).body).toMatchObject({
      now: '2099-12-31T23:00:00.000Z',
      frozen: true,
    });
    expect((await call('resumeClock')).body.frozen).toBe(false);

    const fault = (
      await call('addFault', {
        body: { match: { method: 'GET' }, effect: { status: 500 }, probability: 0.5 },
      })
    ).body;
    expect((await call('getFault', { name: fault.id })).body).toEqual(fault);
    expect((await call('listFaults')).body).toEqual({ faults: [fault] });
    await call('removeFault', { name: fault.id });
    await call('clearFaults');

    const added = await call('addConnection', { body: { name: 'second one', connector: 'Demo' } });
    expect((await call('getConnection', { name: 'second one' })).body).toEqual(added.body);
    expect((await call('listConnections')).body.connections).toHaveLength(2);
    await call('removeConnection', { name: 'second one' });

    const { exchanges, nextAfter } = (
      await call('listExchanges', { query: { limit: '2', connectionName: 'demo' } })
    ).body;
    expect(exchanges).toHaveLength(2);
    expect(nextAfter).toBeGreaterThanOrEqual(exchanges[1].id);
    await call('clearExchanges');

    const { body: snapshot } = await call('takeSnapshot', { query: { includeSecrets: 'true' } });
    expect((await call('reset')).body).toMatchObject({ accounts: 2, clock: { offsetSeconds: 0 } });
    await call('restoreSnapshot', { body: snapshot });
    expect((await call('getAccount', { name })).body.status).toBe(status);

    expect(succeeded).toEqual(new Set(OPERATIONS.map(({ operation }) => operation.operationId)));
  });

  it.each([
    ['approveLink', 'link_not_found'],
    ['getLink', 'link_not_found'],
    ['denyLink', 'link_not_found'],
    ['getAccount', 'account_not_found'],
    ['expireAccount', 'account_not_found'],
    ['revokeAccount', 'account_not_found'],
    ['disconnectAccount', 'account_not_found'],
    ['getFault', 'fault_not_found'],
    ['removeFault', 'fault_not_found'],
    ['getConnection', 'connection_not_found'],
    ['removeConnection', 'connection_not_found'],
  ])('%s of what is not there', async (operationId, code) => {
    const { call } = await controlApi(await setting());
    const { status, body } = await call(operationId, { name: 'nothing' });
    expect([status, body.error.code]).toEqual([404, code]);
    expect(body.error.hint).toMatch(/^GET \/sandbox\/v1\//);
  });

  it('says what is in the way', async () => {
    const sandbox = await setting();
    const { call } = await controlApi(sandbox);
    await sdkOf(sandbox).actions.getAuthorizationLink({ connectionName: 'demo', identifier: 'new' });
    const name = (await call('listLinks')).body.links[0].id as string;
    await call('denyLink', { name });
    const pending = (await call('listAccounts', { query: { identifier: 'new' } })).body.accounts[0];
    const failures = [
      await call('approveLink', { name, body: { fields: { token: 'x' } } }),
      await call('denyLink', { name }),
      await call('expireAccount', { name: pending.connectedAccountId }),
      await call('revokeAccount', { name: pending.connectedAccountId }),
      await call('addConnection', { body: { name: 'demo', connector: 'demo' } }),
      await call('freezeClock', { body: { at: '2001-01-01T00:00:00Z' } }),
    ];
    expect(failures.map(({ status, body }) => `${status} ${body.error.code}`)).toEqual([
      '409 link_not_open',
      '409 link_not_open',
      '409 account_not_active',
      '409 account_not_active',
      '409 connection_exists',
      '409 clock_goes_forward',
    ]);
  });

  it('takes a connection of a connector that was created over REST', async () => {
    const sandbox = await setting();
    const token = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: sandbox.env.SCALEKIT_CLIENT_ID,
      client_secret: sandbox.env.SCALEKIT_CLIENT_SECRET,
    });
    const { access_token } = (await (
      await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body: token })
    ).json()) as { access_token: string };
    await fetch(`${sandbox.url}/api/v1/custom-providers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access_token}` },
      body: JSON.stringify(connector({ display_name: 'Made Later' })),
    });
    const { call } = await controlApi(sandbox);
    const added = await call('addConnection', { body: { name: 'later', connector: 'made-later' } });
    expect(added).toMatchObject({ status: 201, body: { connector: 'made-later' } });
    const { connectedAccount } = await sdkOf(sandbox).actions.getOrCreateConnectedAccount({
      connectionName: 'later',
      identifier: 'u',
    });
    expect(connectedAccount?.connector).toBe('later');
  });
});

/** Where the file says no the server does, each with the path of what is wrong. */
describe('a body that does not fit', () => {
  it.each<[operationId: string, body: unknown, paths: string[]]>([
    ['addFault', {}, ['effect']],
    ['addFault', { effect: {} }, ['effect']],
    [
      'addFault',
      { effect: { status: 99, latencyMs: -1, reset: 'yes' } },
      ['effect.status', 'effect.latencyMs', 'effect.reset'],
    ],
    ['addFault', { effect: { status: 500 }, times: 0, probability: 2 }, ['times', 'probability']],
    ['addFault', { match: { conection: 'x' }, effect: { status: 500 } }, ['match.conection']],
    ['addFault', { effect: { grpcCode: 'UNAVAILABLE' } }, ['effect.grpcCode']],
    ['addConnection', { name: 'ü', connector: 'demo', extra: 1 }, ['name', 'extra']],
    ['addConnection', [], ['']],
    ['advanceClock', { seconds: -1 }, ['seconds']],
    ['advanceClock', {}, ['seconds']],
    ['advanceClock', { seconds: '60' }, ['seconds']],
    ['freezeClock', { at: 'tomorrow' }, ['at']],
    ['resumeClock', { at: 'now' }, ['at']],
    ['reset', [], ['']],
    ['restoreSnapshot', { format: 'other' }, ['format']],
    ['restoreSnapshot', { format: 'sk-connect-sandbox', version: 2 }, ['version']],
  ])('%s %j', async (operationId, body, paths) => {
    const { call } = await controlApi(await setting());
    const { status, body: answer } = await call(operationId, { body });
    expect(status).toBe(400);
    expect(answer.error.problems.map(({ path }: { path: string }) => path).sort()).toEqual([...paths].sort());
  });

  it.each<[body: unknown, path: string, message: string]>([
    [{ effect: { status: 500, grpcCode: 'internal' } }, 'effect.grpcCode', 'one of them'],
    [{ effect: { body: 'x' } }, 'effect.body', 'goes with status'],
    [{ effect: { latencyMs: 1, headers: { a: 'b' } } }, 'effect.headers', 'goes with status'],
    [{ effect: { status: 500, headers: { 'a b': 'c' } } }, 'effect.headers', 'are not headers'],
    [{ effect: { reset: true }, seed: 1 }, 'seed', 'goes with probability'],
    [
      { match: { rpc: 'ListConnectedAccounts' }, effect: { status: 500 } },
      'effect.status',
      'give a grpcCode',
    ],
    [{ match: { path: '/proxy/notes' }, effect: { status: 500 } }, 'match.path', 'leave out /proxy'],
    [{ match: { path: 'notes' }, effect: { status: 500 } }, 'match.path', 'begin with /'],
    [
      { match: { kind: 'oauth' }, effect: { grpcCode: 'internal' } },
      'effect.grpcCode',
      'answers with a status',
    ],
  ])('a fault that makes no sense: %j', async (body, path, message) => {
    const { call } = await controlApi(await setting());
    const { status, body: answer } = await call('addFault', { body });
    expect(status).toBe(400);
    expect(answer.error.problems).toEqual([{ path, message: expect.stringContaining(message) as string }]);
  });

  it.each([
    ['listExchanges', { after: '-1' }, 'after'],
    ['listExchanges', { limit: '1001' }, 'limit'],
    ['listExchanges', { waitSeconds: '31' }, 'waitSeconds'],
    ['listLinks', { state: 'used' }, 'state'],
    ['listAccounts', { status: 'active' }, 'status'],
    ['listAccounts', { connection: 'demo' }, 'connection'],
    ['takeSnapshot', { includeSecrets: 'yes' }, 'includeSecrets'],
    ['getClock', { x: '1' }, 'x'],
  ])('the query of %s: %j', async (operationId, query, path) => {
    const { call } = await controlApi(await setting());
    const { status, body } = await call(operationId, { query: query as unknown as Record<string, string> });
    expect([status, body.error.problems[0].path]).toEqual([400, path]);
  });
});

import { describe, expect, it } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import { SandboxControlError } from '../../src/sandbox/start.ts';
import { authorizationServer } from './support/authorization-server.ts';
import { accessToken, connector, oneConnection, sandboxWith, sdkOf } from './support/sandbox.ts';
import { upstream } from './support/upstream.ts';

const NOON = Date.parse('2030-01-01T12:00:00Z');

describe('the clock', () => {
  it('advances, freezes and resumes where it stands', async () => {
    let real = NOON;
    const { control } = await sandboxWith(oneConnection(), { now: () => real });
    expect(control.clock()).toEqual({ now: '2030-01-01T12:00:00.000Z', frozen: false, offsetSeconds: 0 });
    expect(control.advanceClock(90.5)).toMatchObject({ now: '2030-01-01T12:01:30.500Z', frozen: false });
    expect(control.freezeClock('2030-01-01T13:00:00+00:00')).toMatchObject({
      frozen: true,
      offsetSeconds: 3600,
    });
    real += 10_000;
    expect(control.clock()).toMatchObject({ now: '2030-01-01T13:00:00.000Z', offsetSeconds: 3590 });
    expect(control.advanceClock(60)).toMatchObject({ now: '2030-01-01T13:01:00.000Z', frozen: true });
    expect(control.resumeClock()).toMatchObject({ frozen: false });
    real += 5_000;
    expect(control.clock().now).toBe('2030-01-01T13:01:05.000Z');
    expect(control.freezeClock(new Date(NOON + 7_200_000)).now).toBe('2030-01-01T14:00:00.000Z');
    expect(control.reset().clock).toEqual({
      now: '2030-01-01T12:00:15.000Z',
      frozen: false,
      offsetSeconds: 0,
    });
  });

  it.each<[string, (control: Awaited<ReturnType<typeof sandboxWith>>['control']) => unknown, string]>([
    ['back', (control) => control.advanceClock(-1), 'invalid_request'],
    ['to no number', (control) => control.advanceClock(Number.NaN), 'invalid_request'],
    [
      'to a time that is over',
      (control) => control.freezeClock('2029-12-31T00:00:00Z'),
      'clock_goes_forward',
    ],
    ['to no time', (control) => control.freezeClock('noon'), 'invalid_request'],
    ['to no date', (control) => control.freezeClock(new Date(Number.NaN)), 'invalid_request'],
    ['beyond what can be said', (control) => control.freezeClock(new Date(8.64e15)), 'invalid_request'],
  ])('does not go %s', async (_name, move, code) => {
    const { control } = await sandboxWith(oneConnection(), { now: () => NOON });
    expect(() => move(control)).toThrow(SandboxControlError);
    expect(() => move(control)).toThrow(expect.objectContaining({ code }) as Error);
    expect(control.clock().now).toBe('2030-01-01T12:00:00.000Z');
  });
});

it('says what a time looks like', async () => {
  const { control } = await sandboxWith(oneConnection());
  expect(() => control.freezeClock('noon')).toThrow('at is not a time such as 2027-01-31T12:00:00Z');
});

describe('what lives by it', () => {
  it('a link', async () => {
    const sandbox = await sandboxWith(
      oneConnection({}, { accounts: [{ connection: 'demo', identifier: 'u' }] }),
    );
    const { link } = await sdkOf(sandbox).actions.getAuthorizationLink({
      connectionName: 'demo',
      identifier: 'u',
    });
    sandbox.control.advanceClock(599);
    expect((await fetch(link)).status).toBe(200);
    sandbox.control.advanceClock(2);
    expect((await fetch(link)).status).toBe(410);
    expect(sandbox.control.pendingLinks()).toEqual([]);
    expect(sandbox.control.link(link).state).toBe('expired');
  });

  it('a token of the environment', async () => {
    const sandbox = await sandboxWith(oneConnection());
    const headers = { authorization: `Bearer ${await accessToken(sandbox)}` };
    const call = async () => (await fetch(`${sandbox.url}/api/v1/connected_accounts`, { headers })).status;
    sandbox.control.freezeClock();
    sandbox.control.advanceClock(3590);
    expect(await call()).toBe(200);
    sandbox.control.advanceClock(20);
    expect(await call()).toBe(401);
  });

  it('an account’s access token: renewed in time, or EXPIRED', async () => {
    const { authorizeUri, tokenUri, tokenRequests } = await authorizationServer();
    const origin = await upstream((_request, response) => response.end('{}'));
    const oauth_config = { authorize_uri: authorizeUri, token_uri: tokenUri };
    const credentials = { access_token: 'a', expires_in: 1000 };
    const config: SandboxConfig = {
      connectors: [connector({ proxy_url: origin, auth_patterns: [{ type: 'OAUTH', oauth_config }] })],
      connections: [{ name: 'demo', connector: 'demo', oauth: { client_id: 'c', client_secret: 's' } }],
      accounts: [
        { connection: 'demo', identifier: 'renewed', credentials: { ...credentials, refresh_token: 'r' } },
        { connection: 'demo', identifier: 'lost', credentials },
      ],
    };
    const sandbox = await sandboxWith(config);
    const authorization = `Bearer ${await accessToken(sandbox)}`;
    const call = async (identifier: string) => {
      const headers = { authorization, connection_name: 'demo', identifier };
      return (await fetch(`${sandbox.url}/proxy/x`, { headers })).status;
    };
    expect([await call('renewed'), await call('lost'), tokenRequests.length]).toEqual([200, 200, 0]);
    sandbox.control.advanceClock(1001);
    expect([await call('renewed'), await call('lost')]).toEqual([200, 400]);
    expect(tokenRequests).toHaveLength(1);
    expect(sandbox.control.accounts().map(({ status }) => status)).toEqual(['ACTIVE', 'EXPIRED']);
  });
});

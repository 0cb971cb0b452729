import { describe, expect, it } from 'vitest';
import { type SandboxConfig, SandboxConfigError, startSandbox } from '../../src/sandbox/start.ts';
import { callbackOf, linkOf, oauthConfig, setting, USER } from './support/oauth.ts';
import { oneConnection, sandboxWith, sdkOf, signedInSdk } from './support/sandbox.ts';
import { signal } from './support/signal.ts';
import {
  isSigned,
  WEBHOOK_SECRET,
  type WebhookReceiver,
  webhookReceiver,
} from './support/webhook-receiver.ts';

const ACCOUNT = ['demo', 'user_1'] as const;

function configWith(url: string, rest: Partial<SandboxConfig> = {}): SandboxConfig {
  return oneConnection(
    {},
    {
      environment: { webhooks: [{ url, secret: WEBHOOK_SECRET }] },
      accounts: [{ connection: 'demo', identifier: 'user_1', credentials: { token: 't0p-s3cret' } }],
      ...rest,
    },
  );
}

async function takes(receiver: WebhookReceiver, ...changes: string[]): Promise<void> {
  await expect.poll(() => receiver.taken, { timeout: 5_000 }).toEqual(changes);
}

describe('connected_account.status_updated', () => {
  it('is what Scalekit documents, and the SDK believes that it comes from there', async () => {
    const receiver = await webhookReceiver();
    const sandbox = await sandboxWith(configWith(receiver.url));
    const { connectedAccountId } = sandbox.control.setAccountStatus(...ACCOUNT, 'EXPIRED');
    await takes(receiver, 'ACTIVE→EXPIRED');
    const [delivery] = receiver.deliveries;
    expect(delivery?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(delivery?.event).toEqual({
      spec_version: '1',
      id: expect.stringMatching(/^evt_\d{18}$/),
      type: 'connected_account.status_updated',
      occurred_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      environment_id: expect.stringMatching(/^env_\d{18}$/),
      object: 'ConnectedAccount',
      data: {
        id: connectedAccountId,
        identifier: 'user_1',
        connection_id: expect.stringMatching(/^conn_\d{18}$/),
        connection_name: 'demo',
        provider: 'demo',
        authorization_type: 'BEARER_TOKEN',
        status: 'EXPIRED',
        old_status: 'ACTIVE',
      },
    });
    const sdk = sdkOf(sandbox);
    if (!delivery) throw new Error('nothing came');
    expect(isSigned(sdk, delivery)).toBe(true);
    expect(delivery.headers['webhook-id']).toBe(delivery.event.id);
    expect(() => isSigned(sdk, { ...delivery, body: delivery.body.replace('user_1', 'user_2') })).toThrow(
      'Invalid Signature',
    );
    expect(() => isSigned(sdk, delivery, 'whsec_b3RoZXI=')).toThrow('Invalid Signature');
    expect(delivery.body).not.toContain('t0p-s3cret');
  });

  it('is believed, too, when the sandbox is years ahead', async () => {
    const receiver = await webhookReceiver();
    const sandbox = await sandboxWith(configWith(receiver.url));
    sandbox.control.advanceClock(100_000_000);
    sandbox.control.setAccountStatus(...ACCOUNT, 'EXPIRED');
    await takes(receiver, 'ACTIVE→EXPIRED');
    const [delivery] = receiver.deliveries;
    expect(delivery && isSigned(sdkOf(sandbox), delivery)).toBe(true);
    expect(Date.parse(delivery?.event.occurred_at ?? '')).toBeGreaterThan(Date.now() + 99_000_000_000);
  });

  it('is for changes alone: not for a new account, nor for a status that stays', async () => {
    const receiver = await webhookReceiver();
    const sandbox = await sandboxWith(configWith(receiver.url));
    const sdk = await signedInSdk(sandbox);
    const other = { connectionName: 'demo', identifier: 'user_2' };
    await sdk.actions.createConnectedAccount({ ...other, authorizationDetails: {} as never });
    sandbox.control.setAccountStatus(...ACCOUNT, 'ACTIVE');
    await sdk.actions.updateConnectedAccount({
      ...other,
      authorizationDetails: { details: { case: 'staticAuth', value: { details: { token: 't' } } } } as never,
    });
    await takes(receiver, 'PENDING_AUTH→ACTIVE');
    await sdk.actions.deleteConnectedAccount(other);
    sandbox.control.disconnectAccount({ connectionName: 'demo', identifier: 'user_1' });
    await takes(receiver, 'PENDING_AUTH→ACTIVE', 'ACTIVE→DISCONNECTED');
    sandbox.control.reset();
    sandbox.control.setAccountStatus(...ACCOUNT, 'EXPIRED');
    await takes(receiver, 'PENDING_AUTH→ACTIVE', 'ACTIVE→DISCONNECTED', 'ACTIVE→EXPIRED');
  });

  it('follows an account through its verification and a refused renewal', async () => {
    const receiver = await webhookReceiver();
    const here = await setting({
      ownClock: true,
      environment: {
        user_verification: 'custom',
        webhooks: [{ url: receiver.url, secret: WEBHOOK_SECRET }],
      },
    });
    const link = await linkOf(here.sdk, { userVerifyUrl: 'https://app.example.com/verify' });
    const answer = await fetch(await callbackOf(link), { redirect: 'manual' });
    const to = new URL(answer.headers.get('location') ?? '');
    await here.sdk.actions.verifyConnectedAccountUser({
      authRequestId: to.searchParams.get('auth_request_id') ?? '',
      identifier: USER.identifier,
    });
    here.provider.tokenAnswers.push({ status: 400, body: { error: 'invalid_grant' } });
    here.sandbox.control.advanceClock(3_400);
    await takes(
      receiver,
      'PENDING_AUTH→PENDING_VERIFICATION',
      'PENDING_VERIFICATION→ACTIVE',
      'ACTIVE→EXPIRED',
    );
    expect(receiver.deliveries.at(-1)?.event.data.authorization_type).toBe('OAUTH');
  });

  it('tells of a token that ran out, as soon as it did', async () => {
    const receiver = await webhookReceiver();
    const here = await setting({
      ownClock: true,
      environment: { webhooks: [{ url: receiver.url, secret: WEBHOOK_SECRET }] },
      provider: { issuesRefreshTokens: false },
    });
    await fetch(await linkOf(here.sdk));
    here.sandbox.control.advanceClock(3_599);
    here.sandbox.control.advanceClock(2);
    await takes(receiver, 'PENDING_AUTH→ACTIVE', 'ACTIVE→EXPIRED');
  });

  it('tells of it when somebody looks, where the time is another’s', async () => {
    const receiver = await webhookReceiver();
    const here = await setting({
      environment: { webhooks: [{ url: receiver.url, secret: WEBHOOK_SECRET }] },
      provider: { issuesRefreshTokens: false },
    });
    await fetch(await linkOf(here.sdk));
    await takes(receiver, 'PENDING_AUTH→ACTIVE');
    here.clock.now += 3_600_000;
    const { connectedAccounts } = await here.sdk.actions.listConnectedAccounts({
      identifier: USER.identifier,
    });
    expect(connectedAccounts[0]?.status).toBe(2);
    await takes(receiver, 'PENDING_AUTH→ACTIVE', 'ACTIVE→EXPIRED');
  });
});

describe('delivery', () => {
  it('is in order for each account, and one account does not wait for another', async () => {
    const receiver = await webhookReceiver();
    const sandbox = await sandboxWith(
      configWith(receiver.url, {
        accounts: ['user_1', 'user_2'].map((identifier) => ({
          connection: 'demo',
          identifier,
          credentials: { token: 't' },
        })),
      }),
    );
    const slow = signal();
    receiver.before = ({ event }) => (event.data.identifier === 'user_1' ? slow.promise : Promise.resolve());
    for (const status of ['EXPIRED', 'DISCONNECTED', 'ACTIVE'] as const)
      sandbox.control.setAccountStatus(...ACCOUNT, status);
    sandbox.control.setAccountStatus('demo', 'user_2', 'PENDING_AUTH');
    await takes(receiver, 'ACTIVE→PENDING_AUTH');
    expect(receiver.deliveries).toHaveLength(2);
    slow.resolve();
    await takes(
      receiver,
      'ACTIVE→PENDING_AUTH',
      'ACTIVE→EXPIRED',
      'EXPIRED→DISCONNECTED',
      'DISCONNECTED→ACTIVE',
    );
  });

  it('is tried again under the same id, signed anew, and is in the log', async () => {
    const receiver = await webhookReceiver();
    receiver.answers.push(500, 302);
    const sandbox = await sandboxWith(configWith(receiver.url));
    sandbox.control.setAccountStatus(...ACCOUNT, 'EXPIRED');
    sandbox.control.setAccountStatus(...ACCOUNT, 'ACTIVE');
    await takes(receiver, 'ACTIVE→EXPIRED', 'EXPIRED→ACTIVE');
    const ids = receiver.deliveries.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([ids[0], ids[0], ids[0], ids[3]]);
    expect(ids[3]).not.toBe(ids[0]);
    const sdk = sdkOf(sandbox);
    for (const delivery of receiver.deliveries) expect(isSigned(sdk, delivery)).toBe(true);
    await expect
      .poll(() =>
        sandbox.control
          .exchanges({})
          .exchanges.filter(({ kind }) => kind === 'webhook')
          .map(({ status, identifier, connectionName }) => [status, identifier, connectionName]),
      )
      .toEqual([500, 302, 201, 201].map((status) => [status, 'user_1', 'demo']));
  });

  it('to nobody disturbs nobody, and the sandbox closes at once', async () => {
    const sandbox = await startSandbox({ config: configWith('http://127.0.0.1:1/hooks') });
    for (let count = 0; count < 50; count += 1) {
      sandbox.control.setAccountStatus(...ACCOUNT, count % 2 === 0 ? 'EXPIRED' : 'ACTIVE');
    }
    await expect
      .poll(() => sandbox.control.exchanges({}).exchanges.map(({ kind, error }) => `${kind} ${error ?? ''}`))
      .toContain('webhook ECONNREFUSED');
    await sandbox.close();
    const before = sandbox.control.exchanges({}).exchanges.length;
    sandbox.control.setAccountStatus(...ACCOUNT, 'PENDING_AUTH');
    await new Promise((resolve) => setTimeout(resolve, 600));
    const after = sandbox.control.exchanges({}).exchanges.filter(({ status }) => status !== null);
    expect(after).toEqual([]);
    expect(sandbox.control.exchanges({}).exchanges.length - before).toBeLessThanOrEqual(2);
  });
});

describe('a webhook of a config', () => {
  it.each([
    ['https://app.example.com/hooks', WEBHOOK_SECRET, 'url: must be http:// or https:// on loopback'],
    ['http://10.0.0.5/hooks', WEBHOOK_SECRET, 'url: must be http:// or https:// on loopback'],
    ['http://127.0.0.1.example.com/', WEBHOOK_SECRET, 'url: must be http:// or https:// on loopback'],
    ['ftp://127.0.0.1/', WEBHOOK_SECRET, 'url: must be http:// or https:// on loopback'],
    ['hooks', WEBHOOK_SECRET, 'url: must be http:// or https:// on loopback'],
    ['http://127.0.0.1/', 'secret', 'secret: must be whsec_ and a key in base64'],
    ['http://127.0.0.1/', 'whsec_a_b', 'secret: must be whsec_ and a key in base64'],
  ])('%s with %s is refused', async (url, secret, words) => {
    const config = oneConnection({}, { environment: { webhooks: [{ url, secret }] } });
    const failure = await startSandbox({ config }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SandboxConfigError);
    expect(String(failure)).toContain(`environment.webhooks[0].${words}`);
  });

  it.each(['http://localhost:3000/hooks', 'http://[::1]:3000/', 'https://app.localhost/hooks?a=b'])(
    '%s is fine',
    async (url) => {
      const provider = { authorizeUri: 'https://a.example/a', tokenUri: 'https://a.example/t' };
      const config = oauthConfig(provider, 'https://api.example.com');
      await sandboxWith({ ...config, environment: { webhooks: [{ url, secret: WEBHOOK_SECRET }] } });
    },
  );
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ScalekitClient } from '@scalekit-sdk/node';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import { buildChild } from '../scalekit/child.ts';
import { folder } from './support/folder.ts';

vi.setConfig({ testTimeout: 120_000 });

let program: Awaited<ReturnType<typeof buildChild>>;
beforeAll(async () => {
  program = await buildChild(new URL('children/keep.ts', import.meta.url));
});
afterAll(() => program.remove());

interface Kept {
  child: ChildProcess;
  sdk: ScalekitClient;
  env: Record<string, string>;
  /** What it said after its variables. */
  told: unknown[];
  /** As `kill -9` does it, while calls are under way. */
  kill(): Promise<void>;
}

async function keep(config: SandboxConfig, state: string, limit = ''): Promise<Kept> {
  const line = `${limit}exec "$0" "$@"`;
  const order = JSON.stringify({ config, state });
  const { NODE_EXTRA_CA_CERTS: _slow, NODE_OPTIONS: _options, ...env } = process.env;
  const child = spawn('bash', ['-c', line, process.execPath, program.path, order], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const told: unknown[] = [];
  const variables = await new Promise<Record<string, string>>((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    lines.once('line', (text) => {
      resolve(JSON.parse(text) as Record<string, string>);
      lines.on('line', (line) => told.push(JSON.parse(line)));
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
  const {
    SCALEKIT_ENV_URL: url = '',
    SCALEKIT_CLIENT_ID: id = '',
    SCALEKIT_CLIENT_SECRET: secret = '',
  } = variables;
  const sdk = new ScalekitClient(url, id, secret);
  await sdk.actions.listConnections();
  return {
    child,
    sdk,
    env: variables,
    told,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** A provider whose tokens are numbered, end at once, and whose refresh tokens are good once. It echoes what it is sent. */
async function rotatingProvider(): Promise<string> {
  let issued = 0;
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url !== '/token') {
      response.end(JSON.stringify({ authorization: request.headers.authorization }));
      return;
    }
    issued += 1;
    const body = { access_token: `access-${issued}`, refresh_token: `refresh-${issued}`, expires_in: 1 };
    response.end(JSON.stringify({ ...body, token_type: 'Bearer' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const IDENTIFIERS = Array.from({ length: 8 }, (_, index) => `user_${index}`);

function configOf(origin: string): SandboxConfig {
  return {
    environment: { refresh_ahead: 300 },
    connectors: [
      { display_name: 'Keys', proxy_url: origin, proxy_enabled: true, auth_patterns: [{ type: 'BEARER' }] },
      {
        display_name: 'Notes',
        proxy_url: origin,
        proxy_enabled: true,
        auth_patterns: [
          {
            type: 'OAUTH',
            oauth_config: { authorize_uri: `${origin}/authorize`, token_uri: `${origin}/token` },
          },
        ],
      },
    ],
    connections: [
      { name: 'keys', connector: 'keys' },
      { name: 'notes', connector: 'notes', oauth: { client_id: 'client', client_secret: 'secret' } },
    ],
    accounts: IDENTIFIERS.map((identifier) => ({
      connection: 'notes',
      identifier,
      credentials: { access_token: 'access-0', refresh_token: 'refresh-0', expires_in: 1 },
    })),
  };
}

/** What was sent last and what was answered last, by account: what is there has to be the one, the other or between them. */
interface Ledger {
  sent: Map<string, number>;
  answered: Map<string, number>;
}

/** Sets ever higher values, one after the other for each account, until the sandbox is gone. */
async function setValues(sdk: ScalekitClient, identifier: string, { sent, answered }: Ledger): Promise<void> {
  const account = { connectionName: 'keys', identifier };
  for (;;) {
    const value = (sent.get(identifier) ?? 0) + 1;
    sent.set(identifier, value);
    await sdk.actions.updateConnectedAccount({
      ...account,
      authorizationDetails: {
        details: { case: 'staticAuth', value: { details: { token: String(value) } } },
      } as never,
    });
    answered.set(identifier, value);
  }
}

/** Each call renews the access token, which rotates the refresh token. */
async function callProvider(
  sdk: ScalekitClient,
  identifier: string,
  rotated: Map<string, number>,
): Promise<void> {
  for (;;) {
    const { data } = await sdk.actions.request({
      connectionName: 'notes',
      identifier,
      path: '/',
      method: 'GET',
    });
    const number = Number(/^Bearer access-(\d+)$/.exec(data.authorization)?.[1]);
    expect(number).toBeGreaterThan(rotated.get(identifier) ?? -1);
    rotated.set(identifier, number);
  }
}

async function valueOf(sdk: ScalekitClient, identifier: string): Promise<number> {
  const { connectedAccount } = await sdk.actions.getConnectedAccount({ connectionName: 'keys', identifier });
  const details = connectedAccount?.authorizationDetails?.details;
  return details?.case === 'staticAuth' ? Number(details.value.details?.['token'] ?? 0) : 0;
}

/** Of the file, as asking the sandbox would renew it. */
function rotationsIn(snapshot: object): Map<string, number> {
  const { accounts } = snapshot as {
    accounts: { connectionName: string; identifier: string; credentials: { refreshToken?: string } }[];
  };
  return new Map(
    accounts
      .filter(({ connectionName }) => connectionName === 'notes')
      .map(({ identifier, credentials }) => [identifier, Number(credentials.refreshToken?.split('-')[1])]),
  );
}

async function snapshotOf({ env }: Kept): Promise<object> {
  const response = await fetch(`${env['SCALEKIT_ENV_URL']}/sandbox/v1/snapshot?includeSecrets=true`, {
    headers: { authorization: `Bearer ${env['SK_CONNECT_SANDBOX_TOKEN']}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as object;
}

describe('a sandbox that is killed while it is at work', () => {
  it.each([1, 2])('has lost nothing that it answered, however often (seed %i)', async (seed) => {
    const random = xoroshiro128plus(seed);
    const state = join(folder(), 'sandbox.state');
    const config = configOf(await rotatingProvider());
    const ledger: Ledger = { sent: new Map(), answered: new Map() };
    const rotated = new Map<string, number>();
    const first = await keep(config, state);
    for (const identifier of IDENTIFIERS)
      await first.sdk.actions.getOrCreateConnectedAccount({ connectionName: 'keys', identifier });
    await first.kill();

    for (let round = 0; round < 10; round++) {
      const kept = await keep(config, state);
      const rotations = rotationsIn(await snapshotOf(kept));
      for (const identifier of IDENTIFIERS) {
        const value = await valueOf(kept.sdk, identifier);
        expect(value, identifier).toBeGreaterThanOrEqual(ledger.answered.get(identifier) ?? 0);
        expect(value, identifier).toBeLessThanOrEqual(ledger.sent.get(identifier) ?? 0);
        expect(rotations.get(identifier), identifier).toBeGreaterThanOrEqual(rotated.get(identifier) ?? 0);
      }
      const work = IDENTIFIERS.flatMap((identifier) => [
        setValues(kept.sdk, identifier, ledger),
        callProvider(kept.sdk, identifier, rotated),
      ]);
      const ended = Promise.allSettled(work);
      await delay(uniformInt(random, 20, 250));
      await kept.kill();
      // Those under way fail, of connections that are gone.
      await Promise.race([ended, delay(10_000)]);
    }
    expect(Math.max(...ledger.answered.values())).toBeGreaterThan(20);
    expect(Math.max(...rotated.values())).toBeGreaterThan(20);
  });
});

describe('a file that takes nothing any more', () => {
  it('is told of once, the calls go on, and all is written as soon as it can be', async () => {
    const state = join(folder(), 'sandbox.state');
    const config = configOf(await rotatingProvider());
    // In KiB: the journal does not fit, what it comes down to does.
    const kept = await keep(config, state, 'ulimit -f 64; ');
    const account = { connectionName: 'keys', identifier: 'user_1' };
    await kept.sdk.actions.getOrCreateConnectedAccount(account);
    const set = (token: string) =>
      kept.sdk.actions.updateConnectedAccount({
        ...account,
        authorizationDetails: { details: { case: 'staticAuth', value: { details: { token } } } } as never,
      });
    for (let round = 0; round < 30; round++) await set(`${round}-${'x'.repeat(4000)}`);
    await vi.waitFor(() => expect(kept.told).not.toEqual([]));
    expect(kept.told).toEqual([
      expect.stringMatching(/cannot be written \(EFBIG: file too large\): .*goes on/),
    ]);
    await set('last');
    // Without another change.
    await vi.waitFor(() => expect(kept.told).toHaveLength(2), { timeout: 10_000 });
    expect(kept.told[1]).toContain('is written again');
    await kept.kill();
    const next = await keep(config, state);
    const { connectedAccount } = await next.sdk.actions.getConnectedAccount(account);
    expect(connectedAccount?.authorizationDetails?.details.value).toMatchObject({
      details: { token: 'last' },
    });
  });

  it('from the start it is refused', async () => {
    const state = join(folder(), 'sandbox.state');
    await expect(
      keep(configOf('http://127.0.0.1:1'), state, 'ulimit -f 0; exec 2>/dev/null; '),
    ).rejects.toThrow('it ended with 1');
  });
});

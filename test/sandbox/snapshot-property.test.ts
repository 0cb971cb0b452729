import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import { type Sandbox, type SandboxSnapshot, startSandbox } from '../../src/sandbox/start.ts';
import { authorizationServer } from './support/authorization-server.ts';
import { folder } from './support/folder.ts';
import { callbackOf, oauthConfig } from './support/oauth.ts';
import { protectedMcp } from './support/protected-mcp.ts';
import { accessToken, connector, sdkOf } from './support/sandbox.ts';

// Whatever happened to a sandbox, another one of its config takes its snapshot, and its next run its state file, as they are.

const START = Date.parse('2026-11-21T12:00:00.000Z');
const APP = 'http://127.0.0.1:1/verify';
const USERS = ['user_1', 'user_2', 'from_config'];
const CONNECTIONS = ['demo', 'notes', 'tools', 'added'];

interface Scene {
  sandbox: Sandbox;
  token: string;
}

type Step = (scene: Scene) => unknown;

async function authorizeWith(
  url: string,
  { sandbox }: Scene,
  account: { connectionName: string; identifier: string },
): Promise<void> {
  const { link } = await sdkOf(sandbox).actions.getAuthorizationLink({ ...account, userVerifyUrl: url });
  await fetch(await callbackOf(link), { redirect: 'manual' });
}

async function api({ sandbox, token }: Scene, method: string, path: string, body?: object): Promise<void> {
  await fetch(`${sandbox.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

const user = fc.constantFrom(...USERS);
const connection = fc.constantFrom(...CONNECTIONS);
const on = fc.record({ connectionName: connection, identifier: user });
const added = connector({ display_name: 'Added', proxy_url: 'https://added.example' });
const { auth_patterns: patterns, ...described } = added;

/** What may happen; where it cannot, it is refused and nothing has happened. */
const step: fc.Arbitrary<[told: string, Step]> = fc.oneof(
  fc.tuple(on, fc.string({ minLength: 1 })).map(([account, secret]): [string, Step] => [
    `store ${JSON.stringify(account)}`,
    async ({ sandbox }) => {
      const authorizationDetails = { details: { case: 'staticAuth', value: { details: { token: secret } } } };
      await sdkOf(sandbox).actions.createConnectedAccount({ ...account, authorizationDetails } as never);
    },
  ]),
  fc
    .record({ connectionName: fc.constantFrom('notes', 'tools'), identifier: user })
    .map((account): [string, Step] => [
      `consent ${JSON.stringify(account)}`,
      (scene) => authorizeWith(APP, scene, account),
    ]),
  on.map((account): [string, Step] => [
    `link for ${JSON.stringify(account)}`,
    ({ sandbox }) => sdkOf(sandbox).actions.getAuthorizationLink({ ...account, state: 'of the app' }),
  ]),
  fc
    .nat(3)
    .map((at): [string, Step] => [
      `deny link ${at}`,
      ({ sandbox: { control } }) =>
        control.denyLink(control.links()[at]?.id ?? 'none', { error: 'access_denied' }),
    ]),
  fc
    .tuple(on, fc.constantFrom('ACTIVE', 'EXPIRED', 'DISCONNECTED', 'PENDING_AUTH' as const))
    .map(([{ connectionName, identifier }, status]): [string, Step] => [
      `${connectionName} ${identifier} is ${status}`,
      ({ sandbox }) => sandbox.control.setAccountStatus(connectionName, identifier, status),
    ]),
  on.map((account): [string, Step] => [
    `expire ${JSON.stringify(account)}`,
    ({ sandbox }) => sandbox.control.expireAccount(account),
  ]),
  on.map((account): [string, Step] => [
    `revoke ${JSON.stringify(account)}`,
    ({ sandbox }) => sandbox.control.revokeAccount(account),
  ]),
  on.map((account): [string, Step] => [
    `delete ${JSON.stringify(account)}`,
    ({ sandbox }) => sdkOf(sandbox).actions.deleteConnectedAccount(account),
  ]),
  fc.constant<[string, Step]>(['add provider', (scene) => api(scene, 'POST', 'custom-providers', added)]),
  fc.constant<[string, Step]>([
    'replace provider',
    (scene) =>
      api(scene, 'PUT', 'custom-providers/added', {
        ...described,
        description: 'Anew',
        auth_patterns: patterns,
      }),
  ]),
  fc.constant<[string, Step]>(['delete provider', (scene) => api(scene, 'DELETE', 'custom-providers/added')]),
  fc.constant<[string, Step]>([
    'add connection',
    ({ sandbox }) => sandbox.control.addConnection({ name: 'added', connector: 'added' }),
  ]),
  connection.map((name): [string, Step] => [
    `remove connection ${name}`,
    ({ sandbox }) => sandbox.control.removeConnection(name),
  ]),
  fc
    .constantFrom(30, 400, 4_000)
    .map((seconds): [string, Step] => [
      `${seconds} s pass`,
      ({ sandbox }) => sandbox.control.advanceClock(seconds),
    ]),
  fc.constant<[string, Step]>(['freeze', ({ sandbox }) => sandbox.control.freezeClock()]),
  fc.constant<[string, Step]>(['resume', ({ sandbox }) => sandbox.control.resumeClock()]),
);

const steps = fc.array(step, { maxLength: 20 });
const told = (done: [string, Step][]): string => done.map(([text]) => text).join('; ');

async function play(scene: Scene, done: [string, Step][]): Promise<void> {
  for (const [, happen] of done)
    await Promise.resolve(scene)
      .then(happen)
      .catch(() => {});
}

async function sceneOf(sandbox: Sandbox): Promise<Scene> {
  return { sandbox, token: await accessToken(sandbox) };
}

/** But for what is each sandbox's own, and for what a state file is said not to keep. */
function kept(snapshot: SandboxSnapshot): object {
  const {
    takenAt: _now,
    environment: _own,
    faults: _faults,
    ...rest
  } = snapshot as never as Record<string, unknown>;
  return rest;
}

async function config(): Promise<SandboxConfig> {
  const oauth = oauthConfig(await authorizationServer(), 'http://127.0.0.1:1');
  // Whose client registers itself.
  const tools = connector({
    display_name: 'Tools',
    proxy_url: (await protectedMcp()).url,
    auth_patterns: [{ type: 'OAUTH', is_mcp: true, oauth_config: { pkce_enabled: true } }],
  });
  return {
    ...oauth,
    environment: { user_verification: 'custom' },
    connectors: [...oauth.connectors, tools, connector({ proxy_url: 'http://127.0.0.1:1' })],
    connections: [
      ...oauth.connections,
      { name: 'tools', connector: 'tools' },
      { name: 'demo', connector: 'demo' },
    ],
    accounts: [{ connection: 'demo', identifier: 'from_config', credentials: { token: 'configured' } }],
  };
}

it('a snapshot with secrets is taken by another sandbox, and is the same when it is taken of that', async () => {
  const shared = await config();
  await fc.assert(
    fc.asyncProperty(steps, async (done) => {
      const options = { config: shared, now: () => START };
      const [one, other] = await Promise.all([startSandbox(options), startSandbox(options)]);
      try {
        await play(await sceneOf(one), done);
        const snapshot = one.control.snapshot({ includeSecrets: true });
        other.control.restore(JSON.parse(JSON.stringify(snapshot)));
        const again = other.control.snapshot({ includeSecrets: true });
        expect(kept(again), told(done)).toEqual(kept(snapshot));
        // Without secrets it is taken as well.
        other.control.restore(one.control.snapshot());
      } finally {
        await Promise.all([one.close(), other.close()]);
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);

it('the next run has from the state file what the last one was', async () => {
  const shared = await config();
  await fc.assert(
    fc.asyncProperty(steps, async (done) => {
      const options = { config: shared, now: () => START, state: join(folder(), 'sandbox.state') };
      const before = await startSandbox(options);
      await play(await sceneOf(before), done);
      const snapshot = before.control.snapshot({ includeSecrets: true });
      await before.close();
      const after = await startSandbox(options);
      const again = after.control.snapshot({ includeSecrets: true });
      await after.close();
      expect(kept(again), told(done)).toEqual(kept(snapshot));
    }),
    { numRuns: 60 },
  );
}, 120_000);

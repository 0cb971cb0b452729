import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScalekitClient } from '@scalekit-sdk/node';
import { describe, expect, it } from 'vitest';
import type { ConnectionConfig, SandboxConfig } from '../../src/sandbox/config/types.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { folder } from './support/folder.ts';
import { type ProtectedMcp, protectedMcp } from './support/protected-mcp.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';

const USER = { connectionName: 'tools', identifier: 'user_1' };

interface Setting {
  provider: ProtectedMcp;
  sandbox: Sandbox;
  sdk: ScalekitClient;
  clock: { now: number };
}

function configOf(url: string, oauth?: ConnectionConfig['oauth']): SandboxConfig {
  return {
    connectors: [
      connector({
        display_name: 'Tools',
        proxy_url: url,
        auth_patterns: [{ type: 'OAUTH', is_mcp: true, oauth_config: { pkce_enabled: true } }],
      }),
    ],
    connections: [{ name: 'tools', connector: 'tools', ...(oauth && { oauth }) }],
    accounts: [
      { connection: 'tools', identifier: 'user_1' },
      { connection: 'tools', identifier: 'user_2' },
    ],
  };
}

async function setting(
  change: (provider: ProtectedMcp) => void = () => {},
  { issuerPath = '', oauth }: { issuerPath?: string; oauth?: ConnectionConfig['oauth'] } = {},
): Promise<Setting> {
  const provider = await protectedMcp(issuerPath);
  change(provider);
  const clock = { now: Date.now() };
  const sandbox = await sandboxWith(configOf(provider.url, oauth), { now: () => clock.now });
  return { provider, sandbox, sdk: await signedInSdk(sandbox), clock };
}

async function open({ sdk }: Pick<Setting, 'sdk'>, identifier = 'user_1'): Promise<Response> {
  const { link } = await sdk.actions.getAuthorizationLink({ ...USER, identifier });
  return fetch(link);
}

function statusOf({ sandbox }: Setting): string | undefined {
  return sandbox.control.accounts()[0]?.status;
}

function add({ sdk }: Setting): Promise<{ data?: unknown }> {
  return sdk.actions.executeTool({
    toolName: 'c-tools_add',
    connector: 'tools',
    identifier: 'user_1',
    toolInput: { a: 2, b: 3 },
  });
}

describe('authorization by discovery and registration', () => {
  it('makes the account ACTIVE; its token lists and executes tools', async () => {
    const here = await setting();
    expect((await open(here)).status).toBe(200);
    expect(statusOf(here)).toBe('ACTIVE');
    expect(await add(here)).toMatchObject({ data: { structuredContent: { sum: 5 } } });
    const { totalSize } = await here.sdk.tools.listScopedTools('user_1', { filter: {} });
    expect(totalSize).toBe(2);
    expect(new Set(here.provider.served)).toEqual(new Set(['access-1']));
    const { exchanges } = here.sandbox.control.exchanges({ connectionName: 'tools' });
    const sent = exchanges.filter(({ kind }) => kind === 'oauth').map(({ path }) => new URL(path).pathname);
    expect(sent).toEqual([
      '/mcp',
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-authorization-server',
      '/register',
      '/token',
    ]);
  });

  it('says what MCP asks for: PKCE, the resource at both endpoints, the scopes of the metadata', async () => {
    const { provider, sandbox, sdk } = await setting();
    await open({ sdk });
    const redirectUri = expect.stringMatching(`^${sandbox.url}/sso/v1/oauth/conn_\\d+/callback$`);
    expect(provider.registrations).toEqual([
      {
        client_name: 'sk-connect sandbox',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        application_type: 'native',
        scope: 'tools:read',
      },
    ]);
    expect(provider.authorizeRequests).toEqual([
      {
        response_type: 'code',
        client_id: 'client-1',
        redirect_uri: redirectUri,
        state: expect.any(String),
        scope: 'tools:read',
        resource: provider.url,
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
        code_challenge_method: 'S256',
      },
    ]);
    expect(provider.tokenRequests).toEqual([
      expect.objectContaining({
        resource: provider.url,
        grant_type: 'authorization_code',
        authorization: `Basic ${Buffer.from('client-1:s3cret').toString('base64')}`,
      }),
    ]);
  });

  it.each<[string, string, (provider: ProtectedMcp) => void, string[]]>([
    [
      'the path of the server at the well-known place, where the challenge names none',
      '',
      (provider) => (provider.resourceMetadataUrl = undefined),
      ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-authorization-server', '/authorize'],
    ],
    [
      'the root of it, where there is none for the path',
      '',
      (provider) => {
        provider.resourceMetadataUrl = undefined;
        provider.answers.set('/.well-known/oauth-protected-resource/mcp', 404);
        const resource = { resource: provider.url, authorization_servers: [provider.issuer] };
        provider.answers.set('/.well-known/oauth-protected-resource', resource);
      },
      [
        '/.well-known/oauth-protected-resource/mcp',
        '/.well-known/oauth-protected-resource',
        '/.well-known/oauth-authorization-server',
        '/authorize',
      ],
    ],
    [
      'an issuer with a path',
      '/tenant',
      () => {},
      [
        '/.well-known/oauth-protected-resource/mcp',
        '/.well-known/oauth-authorization-server/tenant',
        '/authorize',
      ],
    ],
    [
      'an OpenID provider with a path',
      '/tenant',
      (provider) => {
        provider.answers.set('/.well-known/oauth-authorization-server/tenant', 404);
        const origin = new URL(provider.issuer).origin;
        provider.answers.set('/tenant/.well-known/openid-configuration', {
          issuer: provider.issuer,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          registration_endpoint: `${origin}/register`,
          jwks_uri: `${origin}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          code_challenge_methods_supported: ['S256'],
        });
      },
      [
        '/.well-known/oauth-protected-resource/mcp',
        '/.well-known/oauth-authorization-server/tenant',
        '/.well-known/openid-configuration/tenant',
        '/tenant/.well-known/openid-configuration',
        '/authorize',
      ],
    ],
  ])('looks at %s', async (_what, issuerPath, change, asked) => {
    const here = await setting(change, { issuerPath });
    await open(here);
    expect(here.provider.asked).toEqual(asked);
    expect(statusOf(here)).toBe('ACTIVE');
  });

  it('asks for the scopes of the challenge before those of the metadata', async () => {
    const here = await setting((provider) => (provider.challenge = 'scope="tools:read tools:call"'));
    await open(here);
    expect(here.provider.authorizeRequests[0]?.['scope']).toBe('tools:read tools:call');
  });

  it.each<[string[] | undefined, Record<string, unknown>, string, object]>([
    [
      ['client_secret_post', 'none'],
      { client_secret: 's3cret' },
      'client_secret_post',
      { client_secret: 's3cret' },
    ],
    [['none'], {}, 'none', { client_id: 'client-1', authorization: '' }],
    [['private_key_jwt', 'client_secret_basic'], { client_secret: 'x' }, 'client_secret_basic', {}],
  ])('registers as a client that %j are taken of', async (supported, registered, method, sent) => {
    const here = await setting((provider) => {
      provider.metadata = { token_endpoint_auth_methods_supported: supported };
      provider.registered = registered;
    });
    await open(here);
    expect(here.provider.registrations[0]).toMatchObject({ token_endpoint_auth_method: method });
    expect(here.provider.tokenRequests[0]).toMatchObject(sent);
    expect(statusOf(here)).toBe('ACTIVE');
  });

  it('a client that the connection names is used as it is', async () => {
    const oauth = { client_id: 'mine', client_secret: 'own', scopes: ['a', 'b'] };
    const here = await setting((provider) => provider.clients.add('mine'), { oauth });
    await open(here);
    expect(here.provider.registrations).toEqual([]);
    expect(here.provider.authorizeRequests[0]).toMatchObject({ client_id: 'mine', scope: 'a b' });
    expect(statusOf(here)).toBe('ACTIVE');
  });
});

describe('the registered client', () => {
  it('is kept for the connection, whoever authorizes', async () => {
    const here = await setting();
    await open(here);
    await open(here, 'user_2');
    await open(here);
    expect(here.provider.registrations).toHaveLength(1);
    const states = here.sandbox.control.accounts().map(({ status }) => status);
    expect(states).toEqual(['ACTIVE', 'ACTIVE']);
  });

  it('is registered anew where the provider does not know it any more', async () => {
    const here = await setting();
    await open(here);
    here.provider.clients.clear();
    expect((await open(here, 'user_2')).status).toBe(200);
    expect(here.provider.registrations).toHaveLength(2);
  });

  it('is registered anew when its secret has ended', async () => {
    const here = await setting((provider) => {
      const inAnHour = Math.floor(Date.now() / 1000) + 3600;
      provider.registered = { client_secret: 's', client_secret_expires_at: inAnHour };
    });
    await open(here);
    here.clock.now += 3_700_000;
    await here.sdk.actions.listConnections();
    await open(here);
    expect(here.provider.registrations).toHaveLength(2);
  });

  describe('of a sandbox with a state file', () => {
    async function firstRun() {
      const provider = await protectedMcp();
      const state = join(folder(), 'sandbox.state');
      const run = (config = configOf(provider.url)) => sandboxWith(config, { state });
      const sandbox = await run();
      await open({ sdk: await signedInSdk(sandbox) });
      return { provider, state, run, sandbox };
    }

    async function authorizeIn(sandbox: Sandbox): Promise<void> {
      const response = await open({ sdk: await signedInSdk(sandbox) }, 'user_2');
      expect(response.status).toBe(200);
    }

    it('is the one of the next run', async () => {
      const { provider, run, sandbox } = await firstRun();
      await sandbox.close();
      await authorizeIn(await run());
      expect(provider.registrations).toHaveLength(1);
    });

    it('is the one of the next run when this one is killed', async () => {
      const { provider, run, sandbox, state } = await firstRun();
      const left = readFileSync(state, 'utf8');
      await sandbox.close();
      writeFileSync(state, left);
      await authorizeIn(await run());
      expect(provider.registrations).toHaveLength(1);
    });

    it('waits while the config does not have its connection', async () => {
      const { provider, run, sandbox } = await firstRun();
      await sandbox.close();
      const without = await run({ ...configOf(provider.url), connections: [], accounts: [] });
      expect(without.control.snapshot({ includeSecrets: true })).toMatchObject({ registrations: [] });
      await without.close();
      await authorizeIn(await run());
      expect(provider.registrations).toHaveLength(1);
    });

    it('goes with its connection', async () => {
      const { provider, run, sandbox, state } = await firstRun();
      sandbox.control.removeConnection('tools');
      sandbox.control.addConnection({ name: 'tools', connector: 'tools' });
      const left = readFileSync(state, 'utf8');
      await sandbox.close();
      writeFileSync(state, left);
      const next = await run();
      await (await signedInSdk(next)).actions.getOrCreateConnectedAccount({ ...USER, identifier: 'user_2' });
      await authorizeIn(next);
      expect(provider.registrations).toHaveLength(2);
    });
  });

  it('is in a snapshot with secrets, and in no other', async () => {
    const here = await setting();
    await open(here);
    const { control } = here.sandbox;
    const snapshot = control.snapshot({ includeSecrets: true });
    expect(snapshot).toMatchObject({
      registrations: [
        {
          connectionName: 'tools',
          issuer: here.provider.issuer,
          redirectUri: here.provider.authorizeRequests[0]?.['redirect_uri'],
          client: { client_id: 'client-1', client_secret: 's3cret' },
        },
      ],
    });
    const without = control.snapshot();
    expect(without).toMatchObject({ registrations: [] });
    expect(JSON.stringify(without)).not.toContain('client-1');

    control.reset();
    control.restore(snapshot);
    await open(here, 'user_2');
    expect(here.provider.registrations).toHaveLength(1);
    control.reset();
    await open(here);
    expect(here.provider.registrations).toHaveLength(2);
  });

  it('of a connection that is not there is no part of a snapshot', async () => {
    const here = await setting();
    await open(here);
    const snapshot = here.sandbox.control.snapshot({ includeSecrets: true });
    const other = await sandboxWith({ ...configOf(here.provider.url), connections: [], accounts: [] });
    const accounts = { accounts: [], links: [], registrations: Reflect.get(snapshot, 'registrations') };
    expect(() => other.control.restore({ ...snapshot, ...accounts })).toThrow(
      'registrations[0].connectionName no connection is called tools',
    );
  });

  it('renews the tokens that it was given, also when another one has taken its place', async () => {
    const here = await setting();
    await open(here);
    here.clock.now += 3_500_000;
    await here.sdk.actions.listConnections();
    await add(here);
    expect(here.provider.tokenRequests[1]).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      resource: here.provider.url,
      authorization: `Basic ${Buffer.from('client-1:s3cret').toString('base64')}`,
    });
    expect(here.provider.served.at(-1)).toBe('access-2');
  });
});

describe('what ends an authorization before it begins', () => {
  const page = '<h1>Welcome</h1>';
  it.each<[string, (provider: ProtectedMcp) => void, RegExp]>([
    [
      'no metadata at all',
      (provider) => {
        provider.resourceMetadataUrl = undefined;
        provider.answers.set('/.well-known/oauth-protected-resource/mcp', 404);
      },
      /no authorization server was found.*oauth-protected-resource: 404.*openid-configuration: 404/,
    ],
    [
      'metadata that was named and is not there',
      (provider) => provider.answers.set('/.well-known/oauth-protected-resource/mcp', 404),
      /no protected-resource metadata.*oauth-protected-resource\/mcp: 404/,
    ],
    [
      'metadata that is a page',
      (provider) => provider.answers.set('/.well-known/oauth-authorization-server', page),
      /no authorization-server metadata/,
    ],
    [
      'metadata of another resource',
      (provider) => {
        const resource = { resource: 'https://other.example/mcp', authorization_servers: [provider.issuer] };
        provider.answers.set('/.well-known/oauth-protected-resource/mcp', resource);
      },
      /metadata is of https:\/\/other\.example\/mcp/,
    ],
    [
      'metadata of another issuer',
      (provider) => (provider.metadata = { issuer: 'https://other.example' }),
      /of another issuer, https:\/\/other\.example/,
    ],
    [
      'no PKCE',
      (provider) => (provider.metadata = { code_challenge_methods_supported: undefined }),
      /does not say that it supports PKCE/,
    ],
    [
      'PKCE of another kind',
      (provider) => (provider.metadata = { code_challenge_methods_supported: ['plain'] }),
      /does not say that it supports PKCE/,
    ],
    [
      'an endpoint that is not https',
      (provider) => (provider.metadata = { token_endpoint: 'http://auth.example/token' }),
      /http:\/\/auth\.example is not https:\/\//,
    ],
    [
      'an authorization server that is not https',
      (provider) => {
        const resource = { resource: provider.url, authorization_servers: ['http://auth.example'] };
        provider.answers.set('/.well-known/oauth-protected-resource/mcp', resource);
      },
      /http:\/\/auth\.example is not https:\/\//,
    ],
    [
      'an authorization server that is not allowed',
      (provider) => {
        const resource = { resource: provider.url, authorization_servers: ['https://auth.example'] };
        provider.answers.set('/.well-known/oauth-protected-resource/mcp', resource);
      },
      /auth\.example is not allowed: add it to allow_hosts/,
    ],
    [
      'no registration',
      (provider) => (provider.metadata = { registration_endpoint: undefined }),
      /no dynamic client registration: give the connection an oauth\.client_id/,
    ],
    [
      'a registration that is refused',
      (provider) => provider.answers.set('/register', 403),
      /register refused to register a client: HTTP status 403/,
    ],
  ])('%s', async (_what, change, words) => {
    const here = await setting(change);
    const answer = await open(here);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const text = (await answer.text()).replaceAll('&#39;', "'");
    expect(text).toMatch(words);
    expect(statusOf(here)).toBe('PENDING_AUTH');
    expect(here.provider.tokenRequests).toEqual([]);
    const [link] = here.sandbox.control.links({ state: 'all' });
    expect(link).toMatchObject({ error: 'server_error', errorDescription: expect.stringMatching(words) });
  });

  it('a provider that does not know the client at the token endpoint: its words, and a new client next time', async () => {
    const here = await setting();
    here.provider.answers.set('/token', { error: 'invalid_client', error_description: 'who is that' });
    const answer = await open(here);
    expect(await answer.text()).toContain('invalid_client: who is that');
    here.provider.answers.clear();
    expect((await open(here)).status).toBe(200);
    expect(here.provider.registrations).toHaveLength(2);
  });
});

describe('a token that the server refuses', () => {
  it('is renewed once, and the call made again', async () => {
    const here = await setting();
    await open(here);
    here.provider.tokens.clear();
    expect(await add(here)).toMatchObject({ data: { structuredContent: { sum: 5 } } });
    expect(here.provider.tokenRequests).toHaveLength(2);
  });

  it('and that cannot be renewed: the account is EXPIRED, the tool an error of the provider', async () => {
    const here = await setting();
    await open(here);
    here.provider.tokens.clear();
    here.provider.answers.set('refresh', 400);
    await expect(add(here)).rejects.toMatchObject({
      errorCode: 'TOOL_ERROR',
      errDetails: [{ toolErrorInfo: { toolErrorCode: '401' } }],
    });
    expect(statusOf(here)).toBe('EXPIRED');
  });
});

import type { ScalekitClient } from '@scalekit-sdk/node';
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import { completeConsent } from '../../src/sandbox/demo/consent.ts';
import { listenerOf, startHttpServer } from '../../src/sandbox/demo/http-server.ts';
import { createInteractions } from '../../src/sandbox/demo/interactions.ts';
import { oidcConfiguration } from '../../src/sandbox/demo/oidc-configuration.ts';
import { createOidcProvider } from '../../src/sandbox/demo/oidc-provider.ts';
import { mcpServer } from './support/mcp-server.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';

/** oidc-provider as it is, with registration for everybody. */
async function openProvider(audience: () => string): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const signingKey = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'key' };
  const configuration = oidcConfiguration({
    client: { id: 'unused', secret: 'unused', name: 'unused' },
    signingKey,
    cookieKey: 'cookies',
    audience: 'unused',
    scopes: ['tools:read'],
    accessTokenSeconds: 600,
  }) as { features: object };
  const resourceServer = () => ({
    audience: audience(),
    scope: 'tools:read',
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  });
  const features = {
    ...configuration.features,
    registration: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: resourceServer,
      useGrantedResource: () => true,
    },
  };
  const clientDefaults = { id_token_signed_response_alg: 'ES256' };
  const server = await startHttpServer((origin) => {
    const provider = createOidcProvider(origin, { ...configuration, features, clientDefaults });
    const [pages, protocol] = [listenerOf(createInteractions(provider, 'the sandbox')), provider.callback()];
    return (request, response) =>
      (request.url?.startsWith('/interaction/') ? pages : protocol)(request, response);
  });
  onTestFinished(() => server.close());
  return server.origin;
}

it('oidc-provider registers the sandbox, its consent is walked through, and its tokens are for the MCP server alone', async () => {
  let url = '';
  const issuer = await openProvider(() => url);
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  const users = new Set<unknown>();
  url = await mcpServer(undefined, async (request, response) => {
    if (request.url === '/.well-known/oauth-protected-resource/mcp') {
      const metadata = { resource: url, authorization_servers: [issuer], scopes_supported: ['tools:read'] };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(metadata));
      return true;
    }
    const token = (request.headers.authorization ?? '').slice('Bearer '.length);
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: url, typ: 'at+jwt' });
      users.add(payload.sub);
      return false;
    } catch {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return true;
    }
  });
  const sandbox = await sandboxWith({
    connectors: [
      connector({
        display_name: 'Tools',
        proxy_url: url,
        auth_patterns: [{ type: 'OAUTH', is_mcp: true, oauth_config: { pkce_enabled: true } }],
      }),
    ],
    connections: [{ name: 'tools', connector: 'tools' }],
    accounts: [{ connection: 'tools', identifier: 'user_1' }],
  });
  const sdk = await signedInSdk(sandbox);
  const user = { connectionName: 'tools', identifier: 'user_1' };
  const { link } = await sdk.actions.getAuthorizationLink(user);
  const page = await completeConsent(link, { userName: 'ada' });
  expect(page).toMatchObject({ status: 200, title: 'Tools is connected' });

  const call = { toolName: 'c-tools_add', connector: 'tools', identifier: 'user_1' };
  const add = () => sdk.actions.executeTool({ ...call, toolInput: { a: 2, b: 3 } });
  expect((await add()).data).toMatchObject({ structuredContent: { sum: 5 } });
  expect([...users]).toEqual(['ada']);

  const before = await accessToken(sdk);
  sandbox.control.advanceClock(590);
  await sdk.actions.listConnections();
  expect((await add()).data).toMatchObject({ structuredContent: { sum: 5 } });
  expect(await accessToken(sdk)).not.toBe(before);
});

async function accessToken(sdk: ScalekitClient): Promise<string> {
  const { connectedAccount } = await sdk.actions.getConnectedAccount({
    connectionName: 'tools',
    identifier: 'user_1',
  });
  const details = connectedAccount?.authorizationDetails?.details;
  return details?.case === 'oauthToken' ? details.value.accessToken : '';
}

import { describe, expect, it } from 'vitest';
import type { AuthPattern, SandboxConfig } from '../../../src/sandbox/config/types.ts';
import { connector, oneConnection, sandboxWith } from '../support/sandbox.ts';
import { type RestReply, restOf } from './support.ts';

const PROVIDERS = '/api/v1/custom-providers';
const LISTED = '/api/v1/providers?filter.provider_type=CUSTOM&page_size=1000';

const ACME = {
  display_name: 'Acme Notes',
  description: 'Notes at Acme',
  auth_patterns: [
    {
      type: 'BEARER',
      display_name: 'Token',
      fields: [{ field_name: 'token', label: 'Token', input_type: 'password', required: true }],
    },
  ],
  proxy_url: 'https://api.acme.example',
  proxy_enabled: true,
  metadata: { team: 'notes' },
};

async function restWith(config: SandboxConfig = oneConnection()) {
  return restOf(await sandboxWith(config));
}

async function identifiers(rest: (verb: string, path: string) => Promise<RestReply>): Promise<string[]> {
  const { json } = await rest('GET', LISTED);
  return json.providers.map((provider: { identifier: string }) => provider.identifier);
}

describe('custom providers', () => {
  it('are created, listed, replaced and deleted', async () => {
    const rest = await restWith();
    const created = await rest('POST', PROVIDERS, ACME);
    expect(created.status).toBe(201);
    expect(created.json.provider).toEqual({
      ...ACME,
      id: expect.stringMatching(/^prv_\d+$/),
      identifier: 'acme-notes',
      categories: [],
      icon_src: '',
      display_priority: 0,
      coming_soon: false,
      is_custom: true,
      is_custom_mcp: false,
    });
    expect(await identifiers(rest)).toEqual(['demo', 'acme-notes']);

    const { description: _dropped, metadata: _too, ...rest_of_it } = ACME;
    const replaced = await rest('PUT', `${PROVIDERS}/acme-notes`, { ...rest_of_it, display_name: 'Acme 2' });
    expect(replaced.status).toBe(200);
    expect(replaced.json.provider).toMatchObject({
      identifier: 'acme-notes',
      display_name: 'Acme 2',
      description: '',
      metadata: {},
    });

    const deleted = await rest('DELETE', `${PROVIDERS}/acme-notes`);
    expect([deleted.status, deleted.json]).toEqual([200, {}]);
    expect(await identifiers(rest)).toEqual(['demo']);
    expect((await rest('DELETE', `${PROVIDERS}/acme-notes`)).status).toBe(404);
    expect((await rest('PUT', `${PROVIDERS}/acme-notes`, ACME)).status).toBe(404);
  });

  it('what was read can be sent back', async () => {
    const rest = await restWith();
    const { json } = await rest('POST', PROVIDERS, ACME);
    const again = await rest('PUT', `${PROVIDERS}/acme-notes`, json.provider);
    expect(again.json).toEqual(json);
  });

  it('that are MCP servers say so', async () => {
    const rest = await restWith();
    const mcp = {
      ...ACME,
      auth_patterns: [{ type: 'OAUTH', is_mcp: true, fields: [], oauth_config: { pkce_enabled: true } }],
    };
    expect((await rest('POST', PROVIDERS, mcp)).json.provider.is_custom_mcp).toBe(true);
  });

  it('are listed page by page, by type and by identifier', async () => {
    const rest = await restWith({
      connectors: Array.from({ length: 12 }, (_one, index) => connector({ display_name: `Number ${index}` })),
      connections: [],
    });
    const first = await rest('GET', '/api/v1/providers?filter.provider_type=ALL');
    expect([first.json.providers.length, first.json.total_size]).toEqual([10, 12]);
    const token = first.json.next_page_token;
    const second = await rest('GET', `/api/v1/providers?filter.providerType=ALL&page_token=${token}`);
    expect(second.json.providers.map((one: { identifier: string }) => one.identifier)).toEqual([
      'number-10',
      'number-11',
    ]);
    // Scalekit's own catalogue, of which a sandbox has nothing.
    expect((await rest('GET', '/api/v1/providers')).json).toMatchObject({ providers: [], total_size: 0 });
    const one = await rest('GET', '/api/v1/providers?identifier=number-3');
    expect(one.json).toMatchObject({ total_size: 1, providers: [{ display_name: 'Number 3' }] });
  });

  it('serve calls as soon as they are replaced', async () => {
    const sandbox = await sandboxWith(
      oneConnection({}, { accounts: [{ connection: 'demo', identifier: 'u', credentials: { token: 't' } }] }),
    );
    const rest = await restOf(sandbox);
    const definition = { ...connector(), proxy_enabled: false };
    await rest('PUT', `${PROVIDERS}/demo`, definition);
    const refused = await rest('GET', '/proxy/x', undefined, { connection_name: 'demo', identifier: 'u' });
    expect(refused.json.message).toBe('proxy not enabled for provider');
  });
});

const MULTI: AuthPattern[] = [{ type: 'BEARER' }, { type: 'BASIC' }];

describe('refusals', () => {
  it('to delete or to cut down what a connection uses', async () => {
    const rest = await restWith(oneConnection({ auth_patterns: MULTI }));
    const deleted = await rest('DELETE', `${PROVIDERS}/demo`);
    expect(deleted).toMatchObject({ status: 403, json: { code: 7, message: 'provider is in use by demo' } });
    const cut = await rest('PUT', `${PROVIDERS}/demo`, connector({ auth_patterns: [{ type: 'BASIC' }] }));
    expect(cut).toMatchObject({ status: 400, json: { message: 'auth pattern is in use by demo (BEARER)' } });
    const kept = await rest('PUT', `${PROVIDERS}/demo`, connector({ auth_patterns: [{ type: 'BEARER' }] }));
    expect(kept.status).toBe(200);
  });

  it('of a name that is taken', async () => {
    const rest = await restWith();
    const taken = await rest('POST', PROVIDERS, connector({ display_name: 'DEMO' }));
    expect(taken).toMatchObject({ status: 409, json: { code: 6, message: 'provider already exists: demo' } });
    await rest('POST', PROVIDERS, ACME);
    const renamed = await rest('PUT', `${PROVIDERS}/acme-notes`, { ...ACME, display_name: 'Demo' });
    expect(renamed).toMatchObject({ status: 409, json: { message: 'another provider is called Demo' } });
  });

  it('of a definition that is wrong: every problem with its JSON path', async () => {
    const rest = await restWith();
    const wrong = {
      display_name: 'Acme (test)',
      proxy_url: 'http://api.acme.example/{{workspace}}',
      auth_patterns: [{ type: 'OAUTH', fields: [{ field_name: 'workspace' }] }],
    };
    const { status, json } = await rest('POST', PROVIDERS, wrong);
    expect([status, json.code, json.details[0].error_code]).toEqual([400, 3, 'VALIDATION_ERROR']);
    expect(json.details[0].validation_error_info.field_violations).toEqual(
      [
        ['display_name', 'may hold letters, digits and spaces only'],
        ['proxy_url', 'must be https:// (http:// on loopback only)'],
        ['auth_patterns[0].fields', 'must be empty for OAUTH: what a user enters is in account_fields'],
        ['auth_patterns[0].account_fields', 'no field gives a value for {{workspace}}'],
        ['auth_patterns[0].oauth_config.authorize_uri', 'is required for OAUTH'],
        ['auth_patterns[0].oauth_config.token_uri', 'is required for OAUTH'],
      ].map(([field, description]) => ({ field, description, constraint: '' })),
    );
  });

  it.each([
    ['nothing', undefined, 'display_name: is required'],
    ['no object', '"x"', 'body: must be a JSON object'],
    ['patterns that are none', { ...ACME, auth_patterns: [null, 5] }, 'auth_patterns[0]: must be a mapping'],
    ['patterns that are no list', { ...ACME, auth_patterns: {} }, 'auth_patterns: must be a list'],
    ['metadata with a number', { ...ACME, metadata: { team: 5 } }, 'metadata.team: must be a string'],
    ['tools that are none', { ...ACME, tools: [{ name: 'x' }] }, 'tools[0]'],
  ])('of %s', async (_what, body, message) => {
    const { status, json } = await (await restWith())('POST', PROVIDERS, body);
    expect(json.message).toContain(message);
    expect(status).toBe(400);
  });

  it.each([
    ['page_size=-1', 'page_size: must be a whole number'],
    ['page_size=many', 'page_size: must be a whole number'],
    ['page_token=x', 'invalid page token'],
    ['filter.provider_type=OURS', 'filter.provider_type: must be one of DEFAULT, CUSTOM, ALL'],
    ['filter.type=CUSTOM', 'filter.type: is not known here'],
    ['__proto__=1', '__proto__: is not known here'],
    ['page_size=1&pageSize=2', 'pageSize: is given more than once'],
  ])('of the list by ?%s', async (query, message) => {
    const { status, json } = await (await restWith())('GET', `/api/v1/providers?${query}`);
    expect([status, json.message]).toEqual([400, expect.stringContaining(message)]);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { oneConnection, sandboxWith } from '../support/sandbox.ts';
import { restOf } from './support.ts';

const ROUTES = [
  ['POST', '/api/v1/connected_accounts'],
  ['PUT', '/api/v1/connected_accounts'],
  ['POST', '/api/v1/connected_accounts:delete'],
  ['POST', '/api/v1/connected_accounts/magic_link'],
  ['POST', '/api/v1/connected_accounts/user/verify'],
  ['POST', '/api/v1/connected_accounts/ca_1:disconnect'],
  ['POST', '/api/v1/execute_tool'],
  ['POST', '/api/v1/tools'],
  ['POST', '/api/v1/custom-providers'],
  ['PUT', '/api/v1/custom-providers/demo'],
] as const;

const LISTS = [
  '/api/v1/connected_accounts',
  '/api/v1/connected_accounts:search',
  '/api/v1/connected_accounts/auth',
  '/api/v1/connections/app',
  '/api/v1/tools',
  '/api/v1/tools/scoped',
  '/api/v1/tools/available',
  '/api/v1/providers',
];

const NAMES = (
  'connector identifier connected_account authorization_details static_auth oauth_token details api_config id ' +
  'tool_name params tool_input filter page_size page_token query auth_request_id display_name auth_patterns ' +
  'type fields field_name proxy_url metadata tools summary connection_names __proto__ constructor toString'
).split(' ');

const { body } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom('demo', 'u', 'BEARER', 'https://a.example', '', true),
    tie('body'),
    fc.array(tie('value'), { maxLength: 2 }),
  ),
  body: fc.dictionary(fc.constantFrom(...NAMES), tie('value')),
}));

const query = fc.array(
  fc.tuple(
    fc.oneof(fc.constantFrom(...NAMES, 'filter.provider', 'filter.summary', 'filter.x.y'), fc.string()),
    fc.oneof(
      fc.constantFrom('1', '-1', 'true', 'demo', 'u', '99999999999999999999'),
      fc.string({ unit: 'binary' }),
    ),
  ),
  { maxLength: 3 },
);

it('no body and no query makes it fail', async () => {
  const rest = await restOf(await sandboxWith(oneConnection()));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ROUTES), body, async ([verb, path], sent) => {
      const { status } = await rest(verb, path, sent);
      expect([500, 502, 503]).not.toContain(status);
    }),
    { numRuns: 400 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...LISTS), query, async (path, pairs) => {
      const { status } = await rest('GET', `${path}?${new URLSearchParams(pairs).toString()}`);
      expect([500, 502, 503]).not.toContain(status);
    }),
    { numRuns: 400 },
  );
});

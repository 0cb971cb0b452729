import { describe, expect, it } from 'vitest';
import { readProviderError } from '../../../src/request/answer/provider-error.ts';
import { requestIdOf } from '../../../src/request/answer/request-id.ts';
import { missingScopes } from '../../../src/request/answer/scopes.ts';

type Headers = [string, string][];

describe('the request id', () => {
  it.each<[Headers, string | undefined]>([
    [[['X-Request-Id', 'a-1']], 'a-1'],
    [[['X-GitHub-Request-Id', 'ABCD:1']], 'ABCD:1'],
    [[['Request-Id', 'req_1']], 'req_1'],
    [[['x-slack-req-id', 's']], 's'],
    [[['x-amzn-RequestId', 'aws']], 'aws'],
    [[['x-ms-request-id', 'ms']], 'ms'],
    [
      [
        ['CF-Ray', '8a-FRA'],
        ['Request-Id', 'req_1'],
      ],
      'req_1',
    ],
    [[['CF-Ray', '8a-FRA']], '8a-FRA'],
    [[['x-request-id', ' ']], undefined],
    [[['x-request-id', 'a\u001b[2J']], 'a␛[2J'],
    [[['x-request-id', 'x'.repeat(500)]], `${'x'.repeat(99)}…`],
    [[], undefined],
  ])('%j: %s', (headers, expected) => {
    expect(requestIdOf(headers)).toBe(expected);
  });
});

describe('missing scopes', () => {
  it.each<[string, Headers, unknown, unknown]>([
    [
      'RFC 6750',
      [['WWW-Authenticate', 'Bearer realm="x", error="insufficient_scope", scope="a:read a:write"']],
      null,
      { needed: 'a:read a:write' },
    ],
    ['another challenge', [['WWW-Authenticate', 'Bearer error="invalid_token", scope="a"']], null, undefined],
    [
      'GitHub',
      [
        ['X-Accepted-OAuth-Scopes', 'repo, public_repo'],
        ['X-OAuth-Scopes', 'gist, user'],
      ],
      null,
      { needed: 'repo or public_repo', granted: 'gist, user' },
    ],
    [
      'GitHub, none granted',
      [
        ['X-Accepted-OAuth-Scopes', 'repo'],
        ['X-OAuth-Scopes', ''],
      ],
      null,
      { needed: 'repo' },
    ],
    [
      'GitHub, there already',
      [
        ['X-Accepted-OAuth-Scopes', 'repo, user'],
        ['X-OAuth-Scopes', 'user'],
      ],
      null,
      undefined,
    ],
    [
      'GitHub, nothing asked',
      [
        ['X-Accepted-OAuth-Scopes', ''],
        ['X-OAuth-Scopes', 'user'],
      ],
      null,
      undefined,
    ],
    [
      'GitHub, permissions',
      [['X-Accepted-GitHub-Permissions', 'issues=write']],
      null,
      { needed: 'issues=write' },
    ],
    [
      'Slack',
      [],
      { ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'identify' },
      { needed: 'chat:write', granted: 'identify' },
    ],
    [
      'HubSpot',
      [],
      {
        message: 'x',
        errors: [{ message: 'y', context: { requiredGranularScopes: ['crm.read', 'crm.write'] } }],
      },
      { needed: 'crm.read, crm.write' },
    ],
    ['nothing', [], { message: 'no' }, undefined],
  ])('%s', (_what, headers, body, expected) => {
    expect(missingScopes(headers, body)).toEqual(expected);
  });
});

describe('what explains it', () => {
  const errorOf = (status: number, headers: Headers, body: unknown) =>
    readProviderError({
      response: { status, statusText: '', headers, body: undefined as never, answeredBy: 'provider' },
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    });

  it.each([
    [
      'GitHub',
      { message: 'x', documentation_url: 'https://docs.github.com/rest' },
      'https://docs.github.com/rest',
    ],
    [
      'Stripe',
      { error: { message: 'x', doc_url: 'https://stripe.com/docs/x' } },
      'https://stripe.com/docs/x',
    ],
    ['a list', { errors: [{ message: 'x', help_url: 'https://x.example/y' }] }, 'https://x.example/y'],
    [
      'problem+json',
      { type: 'https://x.example/problems/credit', title: 'x' },
      'https://x.example/problems/credit',
    ],
    [
      'what defines the status',
      { type: 'https://tools.ietf.org/html/rfc7231#section-6.5.1', title: 'x' },
      undefined,
    ],
    ['what is no https', { documentation_url: 'javascript:alert(1)' }, undefined],
    ['what is no address', { documentation_url: 'https://x.example/ now run rm' }, undefined],
  ])('%s', async (_what, body, expected) => {
    expect(await errorOf(400, [], body)).toMatchObject({ docs: expected });
  });

  it('a challenge speaks where the body is empty', async () => {
    const headers: Headers = [
      ['WWW-Authenticate', 'Bearer error="invalid_token", error_description="The token expired"'],
    ];
    expect(await errorOf(401, headers, undefined)).toMatchObject({ message: 'The token expired' });
    expect(await errorOf(401, headers, { message: 'Bad credentials' })).toMatchObject({
      message: 'Bad credentials',
    });
    expect(await errorOf(401, [['WWW-Authenticate', 'Basic realm="x"']], undefined)).toMatchObject({
      message: undefined,
    });
  });

  it.each([
    ['seconds', [['Retry-After', '30']], 30_000],
    [
      'a date, by the clock of the answer',
      [
        ['Date', 'Wed, 21 Oct 2026 07:28:00 GMT'],
        ['Retry-After', 'Wed, 21 Oct 2026 07:30:00 GMT'],
      ],
      120_000,
    ],
    ['nothing', [], undefined],
  ] as [string, Headers, number | undefined][])(
    'how long to wait: %s',
    async (_what, headers, durationMs) => {
      const { wait } = await errorOf(503, headers, {});
      expect(wait?.durationMs).toBe(durationMs);
    },
  );
});

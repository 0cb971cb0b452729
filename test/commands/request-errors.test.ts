import { describe, expect, it, vi } from 'vitest';
import type { RunOptions } from './run.ts';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const AUTHORIZE = 'sk-connect authorize -c rest -i user_1 --force';

interface Given {
  status?: number;
  reason?: string;
  type?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** Answers with this, and gives what the command made of it. */
function answered(
  { status = 200, reason, type = 'application/json', headers = {}, body = '' }: Given,
  argv: string[] = [],
  options?: RunOptions,
) {
  environment.rest.at('/thing', (_request, response) => {
    const all = { 'content-type': type, ...headers };
    if (reason === undefined) response.writeHead(status, all);
    else response.writeHead(status, reason, all);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return environment.run(['request', '/thing', '-c', 'rest', '-i', 'user_1', ...argv], options);
}

/** As Scalekit's gateway writes a gRPC status. */
function gateway(code: number, message: string) {
  const detail = { '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo', error_code: 'X' };
  return { code, message, details: [detail] };
}

const lines = ({ stderr }: { stderr: string }) => stderr.trimEnd().split('\n');

describe('one line says what the provider said', () => {
  it.each<[string, Given, string]>([
    [
      'problem+json',
      {
        status: 404,
        type: 'application/problem+json',
        body: { title: 'Not Found', detail: 'There is no note 7.' },
      },
      'error: the provider answered 404 Not Found: There is no note 7.',
    ],
    [
      'with the request id',
      { status: 400, headers: { 'request-id': 'req_1' }, body: { error: { message: 'No such customer' } } },
      'error: the provider answered 400 Bad Request: No such customer [request id req_1]',
    ],
    [
      'a reason of its own',
      { status: 499, reason: 'Too Odd', body: { message: 'Too Odd' } },
      'error: the provider answered 499 Too Odd',
    ],
    [
      'compressed or not, a page has its title',
      { status: 502, type: 'text/html', body: '<html><title>Origin is down</title></html>' },
      'error: the provider answered 502 Bad Gateway: Origin is down',
    ],
    [
      'no more than there is',
      { status: 500, body: { reason: 1 } },
      'error: the provider answered 500 Internal Server Error',
    ],
    [
      'control characters visible',
      { status: 400, body: { message: 'one\ntwo\u001b[2J' } },
      'error: the provider answered 400 Bad Request: one two␛[2J',
    ],
  ])('%s', async (_what, given, line) => {
    const result = await answered(given);
    expect(result.exitCode).toBe(5);
    expect(lines(result)).toEqual([line, expect.stringMatching(/^ {2}→ /)]);
  });

  it('--json has it in parts', async () => {
    const given = {
      status: 429,
      headers: { 'retry-after': '17', 'x-request-id': 'r1' },
      body: { message: 'Slow down' },
    };
    const result = await answered(given, ['--json']);
    expect(result.error()).toMatchObject({
      code: 'provider_error',
      message: 'the provider answered 429 Too Many Requests: Slow down [request id r1]',
      httpStatus: 429,
      details: { providerMessage: 'Slow down', requestId: 'r1', retryAfter: 17 },
    });
    const silent = await answered({ status: 500 }, ['--json']);
    expect(silent.error().details).toEqual({ providerMessage: null, requestId: null, retryAfter: null });
  });

  it('a HEAD has none, and its headers speak', async () => {
    environment.rest.at('/thing', (_request, response) =>
      response
        .writeHead(401, {
          'www-authenticate': 'Bearer error="invalid_token", error_description="It expired"',
        })
        .end(),
    );
    const result = await environment.run(['request', 'HEAD', '/thing', '-c', 'rest', '-i', 'user_1']);
    expect(result.exitCode).toBe(5);
    expect(result.stderr).toContain('error: the provider answered 401 Unauthorized: It expired\n');
  });

  it('more than 64 KiB are not read for it', async () => {
    const body = { message: 'long', padding: 'x'.repeat(300_000) };
    const result = await answered({ status: 400, body });
    expect(result.stdout).toBe(JSON.stringify(body));
    expect(lines(result)[0]).toBe('error: the provider answered 400 Bad Request');
  });
});

describe('the one thing to do next', () => {
  it.each<[string, Given, string[], string]>([
    [
      '401',
      { status: 401 },
      [],
      `It did not accept the account's credentials. Authorize again: ${AUTHORIZE}`,
    ],
    ['403', { status: 403 }, [], `add them to the connection and authorize again: ${AUTHORIZE}`],
    [
      'a scope that is named (RFC 6750)',
      {
        status: 403,
        headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="notes:write"' },
      },
      [],
      `It needs the scope notes:write. Add it to the connection's scopes, then authorize again: ${AUTHORIZE}`,
    ],
    [
      'a scope that is named (GitHub)',
      { status: 403, headers: { 'x-accepted-oauth-scopes': 'repo', 'x-oauth-scopes': 'gist' } },
      [],
      `It needs the scope repo; the account has gist. Add it`,
    ],
    [
      'what GitHub hides',
      { status: 404, headers: { 'x-accepted-oauth-scopes': 'repo', 'x-oauth-scopes': 'gist' } },
      [],
      'If it exists, it needs the scope repo; the account has gist.',
    ],
    [
      'scopes are not the matter of a 422',
      { status: 422, headers: { 'x-accepted-oauth-scopes': 'repo', 'x-oauth-scopes': 'gist' } },
      [],
      '--dry-run',
    ],
    [
      'a rate limit that answers with 403 is no matter of scopes',
      {
        status: 403,
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': '60',
          'x-accepted-oauth-scopes': 'repo',
          'x-oauth-scopes': 'gist',
        },
      },
      [],
      'Wait 60 s before the next try, or let --retry 3 wait (X-RateLimit-Reset: 60).',
    ],
    [
      '404',
      { status: 404 },
      [],
      "The path goes behind the connector's base URL: look it up in the provider's API",
    ],
    [
      'a page that explains it',
      { status: 422, body: { message: 'Invalid', documentation_url: 'https://docs.example.com/rest' } },
      [],
      'See https://docs.example.com/rest',
    ],
    [
      '405',
      { status: 405, headers: { allow: 'GET, PUT' } },
      [],
      'Allowed there: GET, PUT. Name one with -X.',
    ],
    ['406', { status: 406 }, [], "-H 'accept: …'"],
    ['415', { status: 415 }, [], "-H 'content-type: …'"],
    ['429', { status: 429 }, [], 'let --retry 5 do so'],
    [
      'Retry-After',
      { status: 503, headers: { 'retry-after': '30' } },
      [],
      'Wait 30 s before the next try, or let --retry 3 wait (Retry-After: 30).',
    ],
    ['503', { status: 503 }, [], 'It may pass: try again, or let --retry 3 do so.'],
    [
      'what stays so',
      { status: 503, headers: { 'retry-after': '0', 'x-request-id': 'r9' } },
      ['--retry', '1'],
      'Wait 0 s before the next try (Retry-After: 0).',
    ],
    ['400', { status: 400 }, [], 'Look at what was sent: the same with --dry-run.'],
  ])('%s', async (_what, given, argv, hint) => {
    const result = await answered(given, argv);
    expect(result.exitCode).toBe(5);
    expect(lines(result).at(-1)).toContain(hint);
  });

  it('says how often it was tried', async () => {
    const result = await answered({ status: 503, headers: { 'retry-after': '0' } }, ['--retry', '2']);
    expect(result.stderr).toContain('error: the provider answered 503 Service Unavailable (tried 3 times)');
  });
});

describe('who said no', () => {
  it.each<[string, Given, string[], number, string, string]>([
    ['the provider', { status: 401 }, [], 5, 'error: the provider answered 401 Unauthorized', AUTHORIZE],
    ['the provider', { status: 403 }, [], 5, 'error: the provider answered 403 Forbidden', AUTHORIZE],
    [
      'Scalekit, of the token',
      { status: 401, body: gateway(16, 'invalid access token') },
      [],
      3,
      "error: Scalekit refused the environment's token (invalid access token)",
      'SCALEKIT_CLIENT_SECRET',
    ],
    [
      'Scalekit, of what may be done',
      { status: 403, headers: { 'x-request-id': 'r1' }, body: gateway(7, 'permission denied') },
      [],
      3,
      'error: Scalekit refused the call (permission denied) [request id r1]',
      'SCALEKIT_CLIENT_ID',
    ],
    [
      'the proxy, which is off',
      {},
      ['-c', 'off'],
      5,
      "error: Scalekit's proxy refused the call: proxy not enabled for provider (HTTP 400)",
      'Set proxy_enabled on the connector',
    ],
    [
      'the proxy, with another status',
      { status: 403, body: gateway(7, 'proxy not enabled for provider') },
      [],
      5,
      "error: Scalekit's proxy refused the call: proxy not enabled for provider (HTTP 403)",
      'Set proxy_enabled on the connector',
    ],
    [
      'the proxy, which got no answer',
      { status: 502, body: gateway(14, 'the provider could not be reached') },
      [],
      5,
      "error: Scalekit's proxy got no answer: the provider could not be reached (HTTP 502)",
      'proxy_url',
    ],
    [
      'the proxy, of an account',
      {},
      ['-i', 'expired', '--no-preflight'],
      4,
      "error: expired's account on rest is EXPIRED, not ACTIVE",
      'sk-connect authorize -c rest -i expired',
    ],
  ])('%s', async (_who, given, argv, exitCode, message, hint) => {
    const result = await answered(given, argv);
    expect(result.exitCode).toBe(exitCode);
    const [line, next, ...rest] = lines(result);
    expect(line).toContain(message);
    expect(next).toContain(hint);
    expect(rest).toEqual([]);
  });
});

describe('a 200 that says it is an error', () => {
  it('is told, with what makes it exit 5', async () => {
    const result = await answered({
      headers: { 'x-slack-req-id': 's1' },
      body: { ok: false, error: 'channel_not_found' },
    });
    expect(result).toMatchObject({ exitCode: 0, stdout: '{"ok":false,"error":"channel_not_found"}' });
    expect(lines(result)).toEqual([
      'the provider answered 200 OK, but says: channel_not_found [request id s1]',
      "  → To make it exit 5: --fail-on '.ok == false'",
    ]);
  });

  it.each<[string, Given, string[]]>([
    ['under --quiet', { body: { ok: false } }, ['--quiet']],
    ['with --fail-on, which was asked', { body: { ok: false } }, ['--fail-on', 'false']],
    ['with --no-check-status', { body: { ok: false } }, ['--no-check-status']],
    ['with --expect, which was asked', { body: { ok: false } }, ['--expect', '.ok == false']],
    ['of what is fine', { body: { ok: true, error: null, errors: [] } }, []],
    ['of a job that failed', { body: { id: 1, error: 'timeout', tries: 3 } }, []],
    ['of more than 64 KiB', { body: { ok: false, padding: 'x'.repeat(70_000) } }, []],
    ['of text', { type: 'text/plain', body: 'ok: false' }, []],
    ['of a list', { body: [{ ok: false }] }, []],
  ])('nothing is said %s', async (_what, given, argv) => {
    expect(await answered(given, argv)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('not of a redirect', async () => {
    const result = await answered({ status: 302, headers: { location: '/x' }, body: { ok: false } });
    expect(lines(result)).toHaveLength(1);
  });
});

describe('--fail-on', () => {
  it.each<[string, Given, string, number]>([
    ['a truthy output', { body: { ok: false } }, '.ok == false', 5],
    ['any truthy output', { body: [0, null] }, '.[]', 5],
    ['text is truthy', { body: { error: 'x' } }, '.error', 5],
    ['false', { body: { ok: true } }, '.ok == false', 0],
    ['null', { body: {} }, '.error', 0],
    ['no output', { body: { errors: [] } }, '.errors[]', 0],
    ['an empty body is null', {}, '. == null', 5],
    ['an empty body is null, which is no error', {}, '.error', 0],
    [
      'each value of NDJSON',
      { type: 'application/x-ndjson', body: '{"ok":true}\n{"ok":false}\n' },
      '.ok == false',
      5,
    ],
    [
      'no value of NDJSON',
      { type: 'application/x-ndjson', body: '{"ok":true}\n{"ok":true}\n' },
      '.ok == false',
      0,
    ],
    ['what is not JSON', { type: 'text/html', body: '<p>' }, '.ok == false', 5],
    ['an expression that fails', { body: { ok: 1 } }, '.ok.x', 5],
    ['a body of more than is kept', { body: { padding: 'x'.repeat(80_000), ok: false } }, '.ok == false', 5],
  ])('%s', async (_what, given, expression, exitCode) => {
    const result = await answered(given, ['--fail-on', expression]);
    expect(result.exitCode).toBe(exitCode);
    if (exitCode === 0) expect(result.stderr).toBe('');
  });

  it('says what the provider said, after its answer', async () => {
    const body = { ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'identify' };
    const result = await answered({ body }, ['--fail-on', '.ok == false']);
    expect(result.stdout).toBe(JSON.stringify(body));
    expect(lines(result)).toEqual([
      "error: the provider answered 200 OK: missing_scope (needed: chat:write; provided: identify) (--fail-on '.ok == false' holds)",
      `  → It needs the scope chat:write; the account has identify. Add it to the connection's scopes, then authorize again: ${AUTHORIZE}`,
    ]);
    const json = await answered({ body }, ['--fail-on', '.ok == false', '--json']);
    expect(json.error()).toMatchObject({ code: 'fail_on', exitCode: 5, httpStatus: 200 });
  });

  it.each([
    [
      'what is not JSON',
      '<p>',
      '.ok',
      "--fail-on '.ok' could not be checked: a body that is not JSON (application/json)",
    ],
    [
      'an expression that fails',
      '{"ok":1}',
      '.ok.x',
      "--fail-on '.ok.x' could not be checked: Cannot index number",
    ],
  ])('%s could not be checked', async (_what, body, expression, message) => {
    expect((await answered({ body }, ['--fail-on', expression])).stderr).toContain(message);
  });
});

describe('GraphQL', () => {
  const query = ['--graphql', '-'];
  const errors = [
    {
      message: 'Name is private.',
      path: ['me', 'name'],
      locations: [{ line: 2, column: 3 }],
      type: 'FORBIDDEN',
    },
    { message: 'It is gone.', path: ['me', 'pets', 0], extensions: { code: 'NOT_FOUND' } },
  ];
  const ask = (given: Given, argv: string[] = []) =>
    answered(given, [...query, ...argv], { stdin: '{ me { name } }' });

  it('errors are shown after the partial data', async () => {
    const body = { data: { me: { id: 1 } }, errors };
    const result = await ask({ body });
    expect(result).toMatchObject({ exitCode: 5, stdout: JSON.stringify(body) });
    expect(lines(result)).toEqual([
      'error: the provider answered with 2 GraphQL errors:',
      '  FORBIDDEN: Name is private. (at me.name, line 2 column 3)',
      '  NOT_FOUND: It is gone. (at me.pets.0)',
      '  → The data that came in spite of that is on stdout.',
    ]);
    const json = await ask({ body }, ['--json']);
    expect(json.error()).toMatchObject({
      code: 'graphql_errors',
      httpStatus: 200,
      details: { errors: [{ message: 'Name is private.', path: ['me', 'name'] }, { code: 'NOT_FOUND' }] },
    });
  });

  it('one is a line', async () => {
    const result = await ask({ body: { data: null, errors: errors.slice(0, 1) } });
    expect(lines(result)).toEqual([
      'error: the provider answered with a GraphQL error: FORBIDDEN: Name is private. (at me.name, line 2 column 3)',
      '  → No data came: check the document and its variables with --dry-run.',
    ]);
  });

  it('thousands are ten and a number', async () => {
    const many = Array.from({ length: 1234 }, (_, index) => ({ message: `wrong ${index}` }));
    const result = await ask({ body: { data: {}, errors: many } });
    expect(lines(result)).toHaveLength(13);
    expect(lines(result)[11]).toBe('  and 1,224 more');
  });

  it.each<[string, Given]>([
    ['none', { body: { data: {} } }],
    ['an empty list', { body: { data: {}, errors: [] } }],
    ['nothing at all', {}],
  ])('%s is exit 0', async (_what, given) => {
    expect(await ask(given)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('with a status of 400 and above they are still what is told', async () => {
    const result = await ask({ status: 401, body: { errors: [{ message: 'Bad token' }] } });
    expect(lines(result)).toEqual([
      'error: the provider answered with a GraphQL error: Bad token',
      `  → It did not accept the account's credentials. Authorize again: ${AUTHORIZE}`,
    ]);
  });

  it('a page instead of an answer', async () => {
    const result = await ask({ type: 'text/html', body: '<title>Sign in</title>' });
    expect(result.exitCode).toBe(5);
    expect(lines(result)[0]).toBe(
      'error: the provider answered 200 OK with a page, no GraphQL answer: Sign in',
    );
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { folders } from './run.ts';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();

interface Given {
  status?: number;
  type?: string;
  headers?: Record<string, string>;
  body?: unknown;
  delayMs?: number;
}

/** Answers with this, and gives what the command made of it. */
function answered(given: Given, argv: string[]) {
  const { status = 200, type = 'application/json', headers = {}, body = '', delayMs = 0 } = given;
  environment.rest.at('/thing', (_request, response) => {
    setTimeout(() => {
      response.writeHead(status, { 'content-type': type, ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    }, delayMs);
  });
  return environment.run(['request', '/thing', '-c', 'rest', '-i', 'user_1', ...argv]);
}

const lines = ({ stderr }: { stderr: string }) => stderr.trimEnd().split('\n');
const file = (name: string, content: unknown) =>
  writeFile(join(folders.cwd, name), typeof content === 'string' ? content : JSON.stringify(content));

beforeEach(() => {
  environment.rest.received.length = 0;
});

describe('what holds is exit 0, and silent', () => {
  it.each<[string[], Given]>([
    [['--expect-status', '200'], {}],
    [['--expect-status', '404'], { status: 404, body: { message: 'gone' } }],
    [['--expect-status', '2xx,404'], { status: 404 }],
    [['--expect', '.a == 1', '--expect', '.b'], { body: { a: 1, b: true } }],
    [
      ['--expect-header', 'X-A: 1', '--expect-header', 'content-type: application/json'],
      { headers: { 'x-a': '1' } },
    ],
    [['--max-duration', '60000'], {}],
    [['--expect-status', '500', '--expect', '.message == "x"'], { status: 500, body: { message: 'x' } }],
  ])('%j', async (argv, given) => {
    expect(await answered(given, argv)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('a schema', async () => {
    await file('schema.json', { type: 'object', required: ['id'] });
    const result = await answered({ body: { id: 1 } }, ['--expect-schema', 'schema.json']);
    expect(result).toMatchObject({ exitCode: 0, stdout: '{"id":1}', stderr: '' });
  });
});

describe('what does not hold', () => {
  it('all of it is listed, after the answer', async () => {
    await file('schema.json', { required: ['id'], properties: { a: { type: 'string' } } });
    const argv = [
      '--expect-status',
      '200,3xx',
      '--expect',
      '.a == 2',
      '--expect',
      '.a == 1',
      '--expect-header',
      'X-A: 1',
      '--expect-header',
      'X-B',
      '--expect-schema',
      'schema.json',
      '--max-duration',
      '1',
    ];
    const result = await answered(
      { status: 202, headers: { 'X-A': '2' }, body: { a: 1 }, delayMs: 20 },
      argv,
    );
    expect(result).toMatchObject({ exitCode: 1, stdout: '{"a":1}' });
    expect(lines(result)).toEqual([
      'error: 6 of 7 expectations failed:',
      '  --expect-status 200,3xx: got 202 Accepted',
      "  --expect '.a == 2': got false",
      "  --expect-header 'X-A: 1': got 2",
      "  --expect-header 'X-B': got no such header",
      '  --expect-schema schema.json: got',
      '    /id is required',
      '    /a must be string, not 1',
      expect.stringMatching(/^ {2}--max-duration 1: got \d+ ms$/),
      '  → What was answered is on stdout; --include shows the headers too.',
    ]);
  });

  it('one is a line', async () => {
    const result = await answered({ body: [1] }, ['--expect', '.a']);
    expect(lines(result)).toEqual([
      `error: not as expected: --expect '.a': got an error: Cannot index array with string ("a")`,
      '  → Try the expression on the same answer with --jq.',
    ]);
  });

  it('--json has it in parts', async () => {
    await file('schema.json', { required: ['id'] });
    const argv = ['--json', '--expect-status', '201', '--expect-schema', 'schema.json'];
    const result = await answered({ body: {} }, argv);
    expect(result.json()).toMatchObject({ status: 200, body: {} });
    expect(result.error()).toMatchObject({
      code: 'expectation_failed',
      exitCode: 1,
      httpStatus: 200,
      details: {
        failures: [
          { expectation: '--expect-status 201', expected: '201', got: '200 OK' },
          {
            expectation: '--expect-schema schema.json',
            expected: 'a body that fits schema.json',
            got: '/id is required',
            violations: [{ path: '/id', message: 'is required' }],
          },
        ],
      },
    });
  });

  it('what the provider said of an error is there too, and the hint is about that', async () => {
    const given = { status: 401, headers: { 'x-request-id': 'r1' }, body: { message: 'Bad credentials' } };
    const result = await answered(given, ['--expect-status', '200', '--expect', '.id > 0']);
    expect(lines(result)).toEqual([
      'error: 2 of 2 expectations failed:',
      '  --expect-status 200: got 401 Unauthorized',
      "  --expect '.id > 0': got false",
      '  the provider said: Bad credentials [request id r1]',
      expect.stringContaining('sk-connect authorize -c rest -i user_1 --force'),
    ]);
    const alone = await answered(given, ['--expect', '.id > 0']);
    expect(lines(alone)).toContain(
      '  the provider answered 401 Unauthorized: Bad credentials [request id r1]',
    );
    const json = await answered(given, ['--expect', '.id > 0', '--json']);
    expect(json.error()).toMatchObject({
      exitCode: 1,
      httpStatus: 401,
      details: { failures: [{ got: 'false' }], providerMessage: 'Bad credentials', requestId: 'r1' },
    });
  });

  it.each<[string, Given, string[], string]>([
    ['no JSON', { type: 'text/html', body: '<p>' }, ['--expect', '.'], 'a body that is not JSON (text/html)'],
    ['no JSON', { type: 'text/html', body: '<p>' }, ['--expect-schema', 's.json'], 'a body that is not JSON'],
    ['an empty body', {}, ['--expect-schema', 's.json'], 'an empty body'],
    ['one of many lines', { body: '{"id":1}\n{}\n' }, ['--expect-schema', 's.json'], 'line 2/id is required'],
    ['what is not true', { body: '1' }, ['--expect', '.'], 'got 1'],
    ['nothing', { body: '[]' }, ['--expect', '.[]'], 'got nothing'],
  ])('%s fails', async (_what, given, argv, got) => {
    await file('s.json', { type: 'object', required: ['id'] });
    const result = await answered(given, argv);
    expect(result.exitCode).toBe(1);
    expect(lines(result)[0]).toContain(got);
  });

  it('thousands of violations are ten and a number', async () => {
    await file('numbers.json', { items: { type: 'number' } });
    const body = Array.from({ length: 3000 }, (_, index) => `text ${index}`);
    const result = await answered({ body }, ['--expect-schema', 'numbers.json']);
    expect(lines(result)).toHaveLength(13);
    expect(lines(result)[1]).toBe('    /0 must be number, not "text 0"');
    expect(lines(result)[11]).toBe('    and 2,990 more');
    const json = await answered({ body }, ['--expect-schema', 'numbers.json', '--json']);
    const { failures } = json.error().details as { failures: { violations: unknown[] }[] };
    expect(failures[0]?.violations).toHaveLength(100);
  });

  it('the whole body is looked at, however long', async () => {
    const body = { padding: 'x'.repeat(80_000), id: 7 };
    expect(await answered({ body }, ['--expect', '.id == 7'])).toMatchObject({ exitCode: 0 });
    await file('last.json', { properties: { id: { const: 8 } } });
    const long = { padding: 'x'.repeat(3_000_000), id: 7 };
    expect(await answered({ body: long }, ['--expect-schema', 'last.json'])).toMatchObject({ exitCode: 1 });
  });

  it('a body that was saved is looked at too', async () => {
    const argv = ['--output', 'saved.json', '--expect', '.id == 8'];
    const result = await answered({ body: { id: 7 } }, argv);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("--expect '.id == 8': got false");
  });
});

describe('what comes first', () => {
  const refusal = {
    code: 16,
    message: 'invalid access token',
    details: [{ '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo' }],
  };
  const both = ['--expect', 'false', '--fail-on', 'true'];

  it.each<[string, Given, string[], number, string]>([
    ['a refusal by Scalekit', { status: 401, body: refusal }, both, 3, 'credentials_refused'],
    [
      '… but for one that was expected',
      { status: 401, body: refusal },
      ['--expect-status', '401', ...both],
      1,
      'expectation_failed',
    ],
    ['… of an account', {}, ['-i', 'expired', '--no-preflight', ...both], 4, 'account_not_active'],
    ['… of the proxy', {}, ['-c', 'off', ...both], 5, 'proxy_refused'],
    ['a failed expectation', { status: 500 }, both, 1, 'expectation_failed'],
    ['--fail-on', { status: 500 }, ['--fail-on', 'true'], 5, 'fail_on'],
    [
      '--fail-on, where the expectations hold',
      { status: 500 },
      ['--expect-status', '500', '--fail-on', 'true'],
      5,
      'fail_on',
    ],
    ['the status', { status: 500 }, [], 5, 'provider_error'],
    [
      'the status, where --fail-on cannot be checked',
      { status: 502, body: '<p>' },
      ['--fail-on', 'true'],
      5,
      'provider_error',
    ],
    [
      '--fail-on that cannot be checked, where the status is none',
      { status: 502, body: '<p>' },
      ['--fail-on', 'true', '--no-check-status'],
      5,
      'fail_on',
    ],
    [
      'the status, where --fail-on has nothing to say',
      { status: 500 },
      ['--fail-on', 'false'],
      5,
      'provider_error',
    ],
    ['the status, where the expectations hold', { status: 500 }, ['--expect', 'true'], 5, 'provider_error'],
  ])('%s', async (_what, given, argv, exitCode, code) => {
    const result = await answered(given, [...argv, '--json']);
    expect(result.error()).toMatchObject({ exitCode, code });
    expect(result.exitCode).toBe(exitCode);
  });

  it.each<[string, string[]]>([
    ['--no-check-status', ['--no-check-status']],
    ['--no-check-status and what holds', ['--no-check-status', '--expect', '.ok']],
    ['--expect-status', ['--expect-status', '5xx']],
  ])('nothing, with %s', async (_what, argv) => {
    expect(await answered({ status: 500, body: { ok: true } }, argv)).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });

  it('--no-check-status is not about Scalekit', async () => {
    const result = await answered({ status: 401, body: refusal }, ['--no-check-status']);
    expect(result.exitCode).toBe(3);
  });
});

describe('a usage error before anything is sent', () => {
  it.each<[string[], string]>([
    [['--expect', '.a =='], '--expect ".a ==" is no jq expression'],
    [['--expect', '.a', '--expect', '.['], '--expect ".[" is no jq expression'],
    [['--fail-on', '.['], '--fail-on ".[" is no jq expression'],
    [['--paginate', '--next', '.['], '--next ".[" is no jq expression'],
    [['--paginate', '--items', '.['], '--items ".[" is no jq expression'],
    [['--expect-status', 'ok'], '--expect-status "ok" is no status'],
    [['--expect-header', ': x'], '--expect-header ": x" names no header'],
    [['--expect-schema', 'nowhere.json'], '--expect-schema: nowhere.json cannot be read'],
    [['--expect-schema', 'broken.json'], '--expect-schema: broken.json is not valid JSON: '],
    [['--expect-schema', 'list.json'], '--expect-schema: list.json is no JSON Schema'],
    [
      ['--expect-schema', 'wrong.json'],
      '--expect-schema: wrong.json is no valid JSON Schema: /properties/id/type must be one of',
    ],
    [['--expect-schema', 'far.json'], "can't resolve reference https://example.com/x.json"],
    [['-d', '-', '--expect-schema', '-'], '-d/--data and --expect-schema both read stdin'],
    [['--max-duration', '0'], '--max-duration'],
    [['--max-duration', 'soon'], '--max-duration'],
  ])('%j', async (argv, message) => {
    await file('broken.json', '{"type": }');
    await file('list.json', []);
    await file('wrong.json', { properties: { id: { type: 'strin' } } });
    await file('far.json', { $ref: 'https://example.com/x.json' });
    const result = await answered({}, [...argv, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().message).toContain(message);
    expect(environment.rest.received).toEqual([]);
  });

  it('a schema from stdin, with a byte order mark', async () => {
    environment.rest.at('/thing', (_request, response) => response.end('{}'));
    const argv = ['request', '/thing', '-c', 'rest', '-i', 'user_1', '--expect-schema', '-'];
    const result = await environment.run(argv, { stdin: '\uFEFF{"required":["id"]}' });
    expect(result).toMatchObject({ exitCode: 1 });
    expect(result.stderr).toContain('/id is required');
  });
});

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { addSecret } from './secrets.ts';
import { answered, onTerminal, streaming } from './support/answers.ts';
import { useEnvironment } from './support/environment.ts';

const environment = useEnvironment();
const USER = ['-c', 'rest', '-i', 'user_1'];
const SESSION = 'sess_fedcba9876543210';
addSecret('a session cookie', SESSION);

describe('--include', () => {
  it('in a pipe: the head as it came, then the body', async () => {
    const given = { body: '{"a":1}', headers: { 'X-Spelled': 'So', 'x-twice': ['a', 'b'] }, status: 201 };
    const result = await answered(environment, given, ['--include']);
    expect(result.stdout).toMatch(/^HTTP\/1\.1 201 Created\nX-Spelled: So\nx-twice: a\nx-twice: b\n/);
    expect(result.stdout.endsWith('\n\n{"a":1}')).toBe(true);
  });

  it('on a terminal: coloured, and the same words', async () => {
    const given = { body: '[1]', headers: { 'x-evil': 'a\u009bb' } };
    const result = await answered(environment, given, ['--include'], onTerminal);
    expect(result.stdout.startsWith('\u001b[32mHTTP/1.1 200\u001b[39m OK\n')).toBe(true);
    expect(stripVTControlCharacters(result.stdout)).toContain('\nx-evil: a\\u009bb\n');
    expect(stripVTControlCharacters(result.stdout).endsWith('\n\n[\n  1\n]\n')).toBe(true);
  });

  it('with --jq: the head, then what was filtered', async () => {
    const given = { body: '{"a":1}', type: 'application/json' };
    const result = await answered(environment, given, ['--include', '--jq', '.a']);
    expect(result.stdout).toMatch(/^HTTP\/1\.1 200 OK\n/);
    expect(result.stdout.endsWith('\n\n1\n')).toBe(true);
  });
});

describe('--head', () => {
  it('drops the body of a GET without downloading it; cookies are masked', async () => {
    const headers = {
      'content-type': 'text/plain',
      'content-length': '5000000000',
      'set-cookie': `sid=${SESSION}; HttpOnly`,
    };
    environment.rest.at('/endless', (_request, response) => {
      response.writeHead(200, headers);
      response.write('the body');
    });
    const result = await environment.run(['request', 'GET', '/endless', ...USER, '--head']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(/^HTTP\/1\.1 200 OK\n(.+: .*\n)+\n$/);
    expect(result.stdout).toContain('\nset-cookie: sid=***; HttpOnly\n');
    expect(environment.rest.received.at(-1)?.method).toBe('GET');
  });

  it('lets go of the connection', async () => {
    const stream = await streaming(environment, { 'content-type': 'text/plain' }, ['-X', 'GET', '--head']);
    expect((await stream.finished).exitCode).toBe(0);
    await stream.released;
  });

  it('of an error: exit 5, and what the provider says', async () => {
    const given = {
      body: '{"error":{"message":"no such report"}}',
      type: 'application/json',
      status: 404,
    };
    const result = await answered(environment, given, ['-X', 'GET', '--head']);
    expect(result).toMatchObject({ exitCode: 5, stdout: expect.stringMatching(/^HTTP\/1\.1 404 .*\n\n$/s) });
    expect(result.stderr).toContain('no such report');
  });

  it('under --json: the document without a body', async () => {
    const result = await answered(environment, { body: '{}', status: 200 }, [
      '-X',
      'GET',
      '--head',
      '--json',
    ]);
    expect(result.json()).toMatchObject({ status: 200, body: null, bodyEncoding: null });
  });
});

describe('HEAD', () => {
  it.each([[[]], [['--include']], [['--head']]])('prints its head by itself: %j', async (flags) => {
    environment.rest.at('/head', (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '20' }).end(),
    );
    const result = await environment.run(['request', 'HEAD', '/head', ...USER, ...flags]);
    expect(result.stdout).toMatch(/^HTTP\/1\.1 200 OK\n(.+: .+\n)+\n$/);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('under --json: the document', async () => {
    environment.rest.at('/head', (_request, response) => response.writeHead(204).end());
    const result = await environment.run(['request', 'HEAD', '/head', ...USER, '--json']);
    expect(result.json()).toMatchObject({ status: 204, body: null, bodyEncoding: null });
  });
});

it('a redirect is told', async () => {
  const given = { status: 302, headers: { location: 'https://example.com/x' } };
  expect(await answered(environment, given)).toMatchObject({
    exitCode: 0,
    stdout: '',
    stderr: 'The provider redirects (302) to https://example.com/x; redirects are not followed.\n',
  });
});

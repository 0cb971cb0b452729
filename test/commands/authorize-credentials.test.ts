import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folders } from './run.ts';
import { addSecret } from './secrets.ts';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const argv = (connection: string, identifier: string, source = '-') => [
  'authorize',
  '-c',
  connection,
  '-i',
  identifier,
  '--credentials',
  source,
];

/** What the proxy sends for the account now. */
async function credentialSent(connection: string, identifier: string) {
  const { rest } = environment;
  rest.at('/who', (_request, response) => response.end());
  rest.received.length = 0;
  await environment.run(['request', '/who', '-c', connection, '-i', identifier]);
  return rest.received[0]?.headers;
}

describe('authorize --credentials', () => {
  it('creates an account from stdin and updates it from a file', async () => {
    addSecret('the first key', 'key_first_0123456789');
    addSecret('the second key', 'key_second_0123456789');
    const created = await environment.run([...argv('keyed', 'u1'), '--json'], {
      stdin: '{"api_key": "key_first_0123456789"}',
    });
    expect(created).toMatchObject({ exitCode: 0, stderr: '' });
    expect(created.json()).toMatchObject({
      connectionName: 'keyed',
      identifier: 'u1',
      status: 'ACTIVE',
      link: null,
    });
    expect(await credentialSent('keyed', 'u1')).toMatchObject({ 'x-key': 'key_first_0123456789' });

    await writeFile(join(folders.cwd, 'key.json'), '\uFEFF{"api_key": "key_second_0123456789"}\n');
    const updated = await environment.run(argv('keyed', 'u1', 'key.json'));
    expect(updated).toMatchObject({ exitCode: 0, stderr: '' });
    expect(updated.stdout).toMatch(/^keyed\tu1\tca_\d+\tACTIVE\t\t\n$/);
    expect(await credentialSent('keyed', 'u1')).toMatchObject({ 'x-key': 'key_second_0123456789' });
    expect(
      environment.sandbox.control.accounts().filter(({ identifier }) => identifier === 'u1'),
    ).toHaveLength(1);
  });

  it('brings an EXPIRED account back', async () => {
    const result = await environment.run(argv('rest', 'expired'), {
      stdin: '{"token": "tok_again_0123456789"}',
    });
    expect(result.exitCode).toBe(0);
    expect(environment.statusOf('rest', 'expired')).toBe('ACTIVE');
  });

  it('user name and password', async () => {
    const result = await environment.run(argv('basic', 'u1'), {
      stdin: '{"username": "ada", "password": "pass_0123456789"}',
    });
    expect(result.exitCode).toBe(0);
    expect(await credentialSent('basic', 'u1')).toMatchObject({
      authorization: `Basic ${Buffer.from('ada:pass_0123456789').toString('base64')}`,
    });
  });

  it.each([
    ['no JSON', '{"api_key": ', 'not valid JSON'],
    ['nothing', '', 'not valid JSON'],
    ['a list', '[1]', 'not a JSON object'],
    ['text', '"key"', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['an object without fields', '{}', 'not a JSON object with fields'],
    ['a field that is an object', '{"api_key": {}}', '"api_key" is no text'],
    ['a field that is null', '{"api_key": null}', '"api_key" is no text'],
  ])('%s is refused, and nothing is created', async (_what, stdin, message) => {
    const result = await environment.run([...argv('keyed', 'u2'), '--json'], { stdin });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().message).toContain(message);
    expect(environment.statusOf('keyed', 'u2')).toBeUndefined();
  });

  it('does not show what it could not read', async () => {
    addSecret('a key in broken JSON', 'key_broken_0123456789');
    addSecret('a short key', 'k3y_short');
    for (const stdin of [
      '{"api_key": key_broken_0123456789}',
      'k3y_short',
      '{"api_key":"key_broken_0123456789",}',
    ]) {
      const result = await environment.run(argv('keyed', 'u2'), { stdin });
      expect(result.exitCode).toBe(2);
    }
  });

  it('a missing file', async () => {
    const result = await environment.run([...argv('keyed', 'u2', 'nowhere.json'), '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().message).toContain('--credentials: nowhere.json cannot be read');
  });

  it('fields that the connection does not have leave the account waiting', async () => {
    const result = await environment.run([...argv('keyed', 'u3'), '--json'], { stdin: '{"tokn": "abc"}' });
    expect(result).toMatchObject({ stdout: '' });
    expect([2, 4, 5]).toContain(result.exitCode);
  });

  it.each([
    ['notes-demo', 'is an OAUTH connection'],
    ['ked', 'no connection named "ked"'],
  ])('%s is refused', async (connection, message) => {
    const result = await environment.run([...argv(connection, 'u4'), '--json'], {
      stdin: '{"token": "abc"}',
    });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().message).toContain(message);
    expect(environment.statusOf(connection, 'u4')).toBeUndefined();
  });
});

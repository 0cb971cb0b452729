import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useEnvironment } from '../../commands/support/environment.ts';
import { programFolder } from '../../request/code/support/programs.ts';

const environment = useEnvironment(({ token }) => ({
  connections: [
    { name: 'gmail', connector: 'test-rest' },
    { name: 'slack', connector: 'test-rest' },
  ],
  accounts: [{ connection: 'gmail', identifier: 'user_123', credentials: { token } }],
}));
const folder = programFolder();
afterAll(() => folder.remove());
beforeAll(async () => {
  const file = new URL('../../contracts/support/tools.yaml', import.meta.url);
  folder.write('tools.yaml', await readFile(file));
});
const program = (...flags: string[]) =>
  environment.run(
    ['tools', 'exec', 'gmail_list_unread', '--contracts', 'tools.yaml', '-i', 'user_123', ...flags],
    { cwd: folder.path },
  );

it('loads the file and calls the tool', async () => {
  const { exitCode, stdout } = await program('-p', 'max_results=3', '--code', 'typescript');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('const input = { max_results: 3 };\n');
  expect(environment.rest.received).toEqual([]);

  folder.write('custom.ts', stdout);
  const style = ['--indent-style=space', '--javascript-formatter-quote-style=single'];
  const biome = join(folder.path, 'node_modules/.bin/biome');
  expect(await folder.run([biome, 'format', ...style, 'custom.ts'])).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
});

it('a program in Python there is none', async () => {
  const result = await program('--code', 'python', '--json');
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.error()).toMatchObject({ code: 'no_program', hint: 'Write --code typescript.' });
});

it('--dry-run shows whom it would be called for, and what the provider would get', async () => {
  const result = await program('-p', 'max_results=3', '--dry-run', '--json');
  expect(result.json()).toEqual({
    toolName: 'gmail_list_unread',
    connectionName: 'gmail',
    identifier: 'user_123',
    input: { max_results: 3 },
    request: {
      method: 'GET',
      path: '/gmail/v1/users/me/messages?q=is%3Aunread&maxResults=3',
      headers: {},
      body: null,
    },
  });
  expect(environment.rest.received).toEqual([]);
});

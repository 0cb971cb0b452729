import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folders, run } from './run.ts';

const GOOD = `# Ours
tools:
  - name: crm_list_users
    description: List the users of the CRM
    input_schema: { type: object, properties: {}, additionalProperties: false }
    output_schema: { type: object }
    request: { path: /users }
    output: "{users: .users}"
    examples: [{ input: {} }]
`;
const WARNING = GOOD.replace(', additionalProperties: false', '');
const ERROR = GOOD.replace('output: "{users: .users}"', 'output: .');
const FIXABLE = `${WARNING}    read_only: true # really\n`.replace('{ path', '{ method: DELETE, path');

let count = 0;
async function written(text: string, extension = 'yaml'): Promise<string> {
  const name = `tools-${++count}.${extension}`;
  await writeFile(join(folders.cwd, name), text);
  return name;
}
const read = (name: string) => readFile(join(folders.cwd, name), 'utf8');

describe('the exit code', () => {
  it.each([
    ['no problems', GOOD, [], 0],
    ['warnings', WARNING, [], 0],
    ['warnings that count', WARNING, ['--strict'], 1],
    ['as many warnings as are allowed', WARNING, ['--max-warnings', '1'], 0],
    ['more warnings than are allowed', WARNING, ['--max-warnings', '0'], 1],
    ['hints, however strict', GOOD.replace(/ {4}examples.*\n/, ''), ['--strict'], 0],
    ['an error', ERROR, [], 1],
    ['a wrong format', 'tools: 1\n', [], 1],
    ['what is no YAML', 'tools: [\n', [], 1],
  ])('%s', async (_, text, flags, expected) => {
    const { exitCode, stdout } = await run(['tools', 'lint', await written(text), ...flags]);
    expect(exitCode).toBe(expected);
    expect(stdout === '').toBe(text === GOOD);
  });

  it('a file that cannot be read', async () => {
    const finished = await run(['tools', 'lint', 'nowhere.yaml', '--json']);
    expect([finished.exitCode, finished.error().code]).toEqual([2, 'file_unreadable']);
    expect(finished.error().message).toContain('nowhere.yaml');
  });

  it('no file', async () => {
    const { exitCode, stderr } = await run(['tools', 'lint']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("missing required argument 'file'")]);
  });
});

describe('what is printed', () => {
  it('one JSON document', async () => {
    const [good, bad] = [await written(GOOD), await written(ERROR)];
    const finished = await run(['tools', 'lint', good, bad, '--json']);
    expect(finished.json()).toEqual({
      files: [good, bad],
      problems: [
        {
          file: bad,
          line: 8,
          column: 13,
          path: 'tools[0].output',
          tool: 'crm_list_users',
          rule: 'shaped-output',
          severity: 'error',
          message: expect.stringContaining('raw answer') as string,
          advice: expect.stringContaining('output: "{ts: .ts') as string,
          fixable: false,
        },
      ],
      errors: 1,
      warnings: 0,
      hints: 0,
      fixed: [],
    });
    expect(finished.error()).toMatchObject({ code: 'lint_failed', message: '1 error', exitCode: 1 });
  });

  it('rows in a pipe', async () => {
    const file = await written(WARNING);
    const { stdout, stderr } = await run(['tools', 'lint', file]);
    const [row = [], ...others] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(others).toEqual([]);
    expect(row.slice(0, 7)).toEqual([
      file,
      '5',
      '5',
      'warning',
      'closed-input',
      'crm_list_users',
      'tools[0].input_schema',
    ]);
    expect(stderr).toBe('1 warning; 1 can be fixed with --fix.\n');
  });

  it('places to click on a terminal, the same advice once', async () => {
    const file = await written(
      WARNING + WARNING.slice(WARNING.indexOf('  - name')).replace('users', 'teams'),
    );
    const { stdout } = await run(['tools', 'lint', file], { terminal: true, env: { NO_COLOR: '1' } });
    expect(stdout).toMatch(
      new RegExp(
        `^${file}:5:5 {2}warning {2}closed-input\n {2}crm_list_users: .*\n {2}→ .*\n${file}:12:5 .*\n {2}crm_list_teams: .*\n$`,
      ),
    );
  });

  it('no control characters on a terminal', async () => {
    const file = await written(GOOD.replace('crm_list_users', '"crm\\u001b[31m"'));
    const { stdout } = await run(['tools', 'lint', file], { terminal: true, env: { NO_COLOR: '1' } });
    expect(stdout).toContain('␛[31m');
    expect(stdout).not.toContain('\u001b');
  });

  it('no secret', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    const file = await written(
      GOOD.replace('{ path: /users }', `{ path: /users, headers: { x-api-key: ${secret} } }`),
    );
    for (const flags of [[], ['--json']]) {
      const { stdout, stderr, exitCode } = await run(['tools', 'lint', file, ...flags]);
      expect(stdout).toContain('no-secret');
      expect(stdout + stderr).not.toContain(secret);
      expect(exitCode).toBe(1);
    }
  });

  it('the rules', async () => {
    const table = await run(['tools', 'lint', '--rules']);
    expect(table.stdout).toMatch(/^no-secret\terror\t\t/m);
    const { rules } = (await run(['tools', 'lint', '--rules', '--json'])).json() as { rules: object[] };
    expect(rules).toContainEqual({
      id: 'read-only-method',
      severity: 'error',
      summary: expect.any(String) as string,
      fixable: true,
    });
    expect(rules).toHaveLength(table.stdout.trimEnd().split('\n').length);
  });
});

describe('--fix', () => {
  it('changes what is safe, and nothing else in the file', async () => {
    const file = await written(FIXABLE);
    const { exitCode, stdout, stderr } = await run(['tools', 'lint', file, '--fix']);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toContain(`Fixed ${file}:5:5 closed-input\nFixed ${file}:10:16 read-only-method\n`);
    expect(await read(file)).toBe(
      FIXABLE.replace('properties: {} }', 'properties: {}, additionalProperties: false }').replace(
        'read_only: true # really',
        'read_only: false # really',
      ),
    );
  });

  it('tells what is left', async () => {
    const file = await written(WARNING.replace('{users: .users}', '.'));
    const finished = await run(['tools', 'lint', file, '--fix', '--json']);
    expect(finished.json()).toMatchObject({
      problems: [{ rule: 'shaped-output' }],
      fixed: [{ rule: 'closed-input', line: 5 }],
      errors: 1,
      warnings: 0,
    });
    expect([finished.exitCode, finished.error().hint]).toEqual([1, null]);
  });

  it('keeps the permissions, and what is linked to', async () => {
    const file = await written(WARNING);
    const link = `link-${file}`;
    await chmod(join(folders.cwd, file), 0o664);
    await symlink(file, join(folders.cwd, link));
    expect((await run(['tools', 'lint', link, '--fix'])).exitCode).toBe(0);
    expect(await read(file)).toContain('additionalProperties: false');
    expect((await stat(join(folders.cwd, file))).mode & 0o777).toBe(0o664);
    expect((await lstat(join(folders.cwd, link))).isSymbolicLink()).toBe(true);
  });

  it('leaves a file alone that has nothing to fix', async () => {
    const file = await written(ERROR);
    await chmod(join(folders.cwd, file), 0o444);
    await run(['tools', 'lint', file, '--fix']);
    expect(await read(file)).toBe(ERROR);
  });

  it.skipIf(process.getuid?.() === 0)('a folder that takes no file', async () => {
    const folder = join(folders.cwd, 'closed');
    await mkdir(folder);
    await writeFile(join(folder, 'tools.yaml'), WARNING);
    await chmod(folder, 0o555);
    const finished = await run(['tools', 'lint', 'closed/tools.yaml', '--fix', '--json']);
    expect([finished.exitCode, finished.error().code]).toEqual([2, 'file_unwritable']);
    expect(await readdir(folder)).toEqual(['tools.yaml']);
    await chmod(folder, 0o755);
  });
});

it('modules are held to what their definitions tell', async () => {
  const file = await written(
    `export const customTools = [{ name: 'gmail_list_filters', description: 'List Gmail filters configured for the current user',
      input_schema: { type: 'object', properties: { identifier: { type: 'string' } }, required: ['identifier'] } }];
    export const routeToolCall = () => ({});`,
    'mjs',
  );
  const finished = await run(['tools', 'lint', file, '--json']);
  expect(finished.exitCode).toBe(0);
  const { problems } = finished.json() as { problems: { rule: string; line: null }[] };
  expect(problems.map(({ rule, line }) => [rule, line])).toEqual([
    ['input-description', null],
    ['closed-input', null],
    ['account-input', null],
    ['output-schema', null],
  ]);
});

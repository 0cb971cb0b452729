import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folders } from './run.ts';
import { useTools } from './support/tools-environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const mcp = useTools();
const { environment } = mcp;
const echo = (flags: readonly string[], stdin?: string) =>
  environment.run(
    ['tools', 'exec', 'c-tools_echo', '-c', 'tools', '-i', 'user_1', ...flags],
    stdin === undefined ? {} : { stdin },
  );
const received = () => mcp.calls.map((call) => call.arguments);

describe('-p', () => {
  it('@file and @- are read, @@ is an @', async () => {
    await writeFile(join(folders.cwd, 'note.txt'), ' two\nlines ');
    await writeFile(join(folders.cwd, 'nested.json'), '{"deep": "x"}\n');
    expect((await echo(['-p', 'id=@note.txt', '-p', 'nested=@nested.json'])).stderr).toMatch(/^execution /);
    await echo(['-p', 'id=@-', '-p', 'tags=@@you', '-p', 'tags=a@b'], 'from stdin\n');
    expect(received()).toEqual([
      { id: ' two\nlines ', nested: { deep: 'x' } },
      { id: 'from stdin\n', tags: ['@you', 'a@b'] },
    ]);
  });

  it('no value inside --input names a file', async () => {
    await writeFile(join(folders.cwd, 'note.txt'), 'text');
    await echo(['--input', '{"id": "@note.txt"}']);
    expect(received()).toEqual([{ id: '@note.txt' }]);
  });

  it('goes inside what --input gives', async () => {
    await echo(['--input', '{"id": "a", "nested": {"deep": "x", "more": 1}}', '-p', 'nested.deep=7']);
    expect(received()).toEqual([{ id: 'a', nested: { deep: '7', more: 1 } }]);
  });

  it.each([
    [
      ['-p', 'id=@nowhere.txt'],
      'nowhere.txt cannot be read',
      'for the text @nowhere.txt write id=@@nowhere.txt',
    ],
    [['-p', 'id=@-', '--input', '-'], 'stdin can be read once', undefined],
    [['-p', 'id=@-', '-p', 'tags=@-'], 'stdin can be read once', undefined],
    [
      ['-p', 'id=a', '--input', '{"count": 9007199254740993}'],
      '9007199254740993 cannot be sent exactly',
      undefined,
    ],
  ])('%j is refused', async (flags, message, hint) => {
    const result = await echo([...flags, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().message).toContain(message);
    if (hint !== undefined) expect(result.error().hint).toContain(hint);
    expect(received()).toEqual([]);
  });

  it('a name that is nearly right is told', async () => {
    const result = await echo(['-p', 'id=a', '-p', 'coutn=1']);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('\n  coutn is not known to the tool: did you mean count?\n');
  });

  it('what does not fit a choice is one line', async () => {
    const result = await echo(['-p', 'id=a', '-p', 'either=x']);
    expect(result.stderr).toContain(':\n  either must be integer or null, not "x"\n');
  });
});

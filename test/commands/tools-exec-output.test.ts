import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { folders, type RunOptions } from './run.ts';
import { callContentTool, contentTools, IMAGE, SOUND } from './support/content-tools.ts';
import { useTools } from './support/tools-environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const mcp = useTools({
  tools: () => contentTools,
  call: callContentTool,
});
const { environment } = mcp;
const exec = (tool: string, flags: readonly string[] = [], options: RunOptions = {}) =>
  environment.run(['tools', 'exec', `c-tools_${tool}`, '-c', 'tools', '-i', 'user_1', ...flags], options);
const onTerminal = (tool: string, ...flags: string[]) =>
  exec(tool, ['--no-color', '--no-input', ...flags], { terminal: true });
const file = (name: string) => join(folders.cwd, name);

describe('on a terminal content is shown by its kind', () => {
  it.each([
    ['text', 'two\nlines ␛[31m\n'],
    ['texts', 'one\ntwo\n'],
    ['json', '{\n  "id": 9007199254740993,\n  "a": [\n    1\n  ]\n}\n'],
    ['structured', '{\n  "a": 1,\n  "b": 2\n}\nand more\n'],
    ['image', 'here it is\nimage/png, 3,000 bytes (save with --output)\n'],
    ['resources', 'file:///notes.txt:\nnote\nPage · https://docs.example/a · text/html\n'],
    ['nothing', ''],
  ])('%s', async (tool, stdout) => {
    expect(await onTerminal(tool)).toMatchObject({ exitCode: 0, stdout });
  });

  it('all of it with --raw, and in a pipe', async () => {
    const piped = await exec('image');
    expect(piped.json()).toEqual(callContentTool('image'));
    const raw = await onTerminal('image', '--raw');
    expect(raw.json()).toEqual(callContentTool('image'));
  });

  it('what came without content is said', async () => {
    expect((await onTerminal('nothing')).stderr).toContain('The tool answered with no content.');
  });
});

describe('--output', () => {
  beforeEach(async () => {
    await rm(file('out'), { recursive: true, force: true });
    await mkdir(file('out'));
  });

  it.each([
    ['text', 'two\nlines \u001b[31m'],
    ['texts', 'one\ntwo'],
    ['structured', '{\n  "a": 1,\n  "b": 2\n}\n'],
    ['image', IMAGE],
  ])('%s', async (tool, content) => {
    const result = await exec(tool, ['--output', 'out/it']);
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await readFile(file('out/it'))).toEqual(Buffer.from(content));
    expect(result.stderr).toMatch(/^Saved [\d,]+ bytes to out\/it\nexecution /);
    expect(await readdir(file('out'))).toEqual(['it']);
  });

  it('several each into a file of its own', async () => {
    const result = await exec('several', ['--output', 'out/the.file.bin', '--json']);
    expect(result.json()).toMatchObject({
      data: null,
      files: [
        { name: 'out/the.file-1.bin', mediaType: 'image/png', bytes: IMAGE.length },
        { name: 'out/the.file-2.bin', mediaType: 'audio/wav', bytes: SOUND.length },
        { name: 'out/the.file-3.bin', mediaType: 'application/x-a', bytes: SOUND.length },
      ],
    });
    expect(await readFile(file('out/the.file-1.bin'))).toEqual(IMAGE);
    expect(await readFile(file('out/the.file-3.bin'))).toEqual(SOUND);
  });

  it('all of data with --raw', async () => {
    await exec('image', ['--output', 'out/it', '--raw']);
    expect(JSON.parse(await readFile(file('out/it'), 'utf8'))).toEqual(callContentTool('image'));
  });

  it('stdout with -', async () => {
    const { bytes, stderr } = await exec('image', ['--output', '-']);
    expect(bytes).toEqual(IMAGE);
    expect(stderr).toMatch(/^execution /);
  });

  it('replaces what a link leads to, not the link', async () => {
    await writeFile(file('out/real'), 'old', { mode: 0o640 });
    await symlink('real', file('out/link'));
    await exec('image', ['--output', 'out/link']);
    expect(await readFile(file('out/real'))).toEqual(IMAGE);
    expect((await readdir(file('out'))).toSorted()).toEqual(['link', 'real']);
  });

  it.each([
    [['--output', 'nowhere/it'], '--output nowhere/it cannot be written'],
    [['--output', 'out'], 'it is a folder'],
    [['--output', 'it', '--jq', '.'], '--output and --jq contradict each other'],
    [['--output', '-', '--json'], '--output - and --json contradict each other'],
    [['--raw', '--json'], '--raw and --json contradict each other'],
  ])('%j is refused before anything is run', async (flags, message) => {
    const result = await exec('image', flags);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain(message);
    expect(mcp.calls).toEqual([]);
  });
});

describe('an answer that does not fit the output schema', () => {
  it('is warned of', async () => {
    const result = await exec('wrong');
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain(
      'The answer does not fit the output schema of c-tools_wrong:\n  count must be integer, not "many"\n  token must be integer, not "***"\n',
    );
    expect(result.stderr).not.toContain('hush-hush-1');
    expect((await exec('wrong', ['-q'])).stderr).toBe('');
  });

  it('is exit 1 with --strict-output, and printed all the same', async () => {
    const result = await exec('wrong', ['--strict-output', '--json']);
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({ data: { structuredContent: { count: 'many' } } });
    expect(result.error()).toMatchObject({
      code: 'output_mismatch',
      details: { violations: [{ path: '/count' }, { path: '/token' }] },
    });
  });

  it('has no structured content where it was promised', async () => {
    const result = await exec('unstructured', ['--strict-output']);
    expect(result).toMatchObject({ exitCode: 1 });
    expect(result.stderr).toContain('the answer has no structuredContent');
  });

  it('one that fits is not', async () => {
    expect(await exec('structured', ['--strict-output'])).toMatchObject({ exitCode: 0 });
  });
});

describe('--dry-run', () => {
  const flags = ['-p', 'count=3', '-p', 'password=hush-hush-2', '--dry-run'];

  it('shows the call and makes none', async () => {
    const result = await onTerminal('text', ...flags);
    expect(result).toMatchObject({ exitCode: 0, stderr: 'Nothing was sent (--dry-run).\n' });
    expect(result.stdout).toBe(
      'c-tools_text on tools for user_1\n{\n  "count": 3,\n  "password": "***"\n}\n',
    );
    const document = await exec('text', [...flags, '--json']);
    expect(document.json()).toEqual({
      toolName: 'c-tools_text',
      connectionName: 'tools',
      identifier: 'user_1',
      input: { count: 3, password: '***' },
    });
    expect(mcp.calls).toEqual([]);
  });

  it('checks the input, unless with --no-validate', async () => {
    const wrong = ['-p', 'count=x', '--dry-run'];
    expect(await exec('text', wrong)).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await exec('text', [...wrong, '--no-validate', '--jq', '.input'])).toMatchObject({
      exitCode: 0,
      stdout: '{\n  "count": "x"\n}\n',
    });
  });
});

it('--no-validate sends what does not fit', async () => {
  const result = await exec('text', ['-p', 'count=x', '--no-validate']);
  expect(result.exitCode).toBe(0);
  expect(mcp.calls).toEqual([{ name: 'text', arguments: { count: 'x' } }]);
});

it('--all-fields needs somebody to ask', async () => {
  const result = await exec('text', ['--all-fields']);
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(mcp.calls).toEqual([]);
});

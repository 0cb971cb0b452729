import { describe, expect, it } from 'vitest';
import { run } from './run.ts';
import { addSecret } from './secrets.ts';
import { type ScriptedSandbox, scriptedSandbox } from './support/scripted-sandbox.ts';

async function pending(here: ScriptedSandbox, ...identifiers: string[]): Promise<void> {
  for (const identifier of identifiers) {
    const argv = ['authorize', '-c', 'forms', '-i', identifier, '--no-wait'];
    expect((await run(argv, { env: here.sandbox.env })).exitCode).toBe(4);
  }
}

describe('sandbox links list', () => {
  it('the open ones; tab-separated with their addresses in a pipe', async () => {
    const here = await scriptedSandbox();
    await pending(here, 'a', 'b');
    const [first] = here.sandbox.control.links();
    const { stdout } = await here.run(['links', 'list', '-i', 'a']);
    expect(stdout).toBe(
      `${[first?.id, 'forms', 'a', 'open', first?.expiresAt, '', first?.link].join('\t')}\n`,
    );
    const json = (await here.run(['links', 'list', '--json'])).json();
    expect(json).toEqual({ links: here.sandbox.control.links() });
  });

  it('a table at a terminal, with what to open below it', async () => {
    const here = await scriptedSandbox();
    await pending(here, 'a');
    const result = await here.run(['links', 'list', '--no-color'], { terminal: true, columns: 120 });
    expect(result.stdout).toMatch(/^ID +CONNECTION +IDENTIFIER +STATE +EXPIRES/);
    expect(result.stderr).toBe(`${here.sandbox.control.links()[0]?.link}\n`);
  });

  it('its table fits 80 columns with the id and the names whole', async () => {
    const here = await scriptedSandbox();
    await pending(here, 'user_123456');
    const { stdout } = await here.run(['links', 'list', '--no-color'], { terminal: true, columns: 80 });
    const [link] = here.sandbox.control.links();
    const expires = link?.expiresAt.replace(/\.\d+/, '');
    expect(stdout.split('\n')[1]?.split(/ +/)).toEqual([link?.id, 'forms', 'user_123456', 'open', expires]);
  });

  it('on a terminal, too, what the others ended with', async () => {
    const here = await scriptedSandbox();
    await pending(here, 'a');
    await here.run(['links', 'deny']);
    const all = await here.run(['links', 'list', '--all', '--no-color'], { terminal: true, columns: 120 });
    expect(all.stdout).toMatch(/ ERROR\n.* denied .* access_denied\n$/);
  });

  it('--all has those that ended, and what with', async () => {
    const here = await scriptedSandbox();
    await pending(here, 'a');
    await here.run(['links', 'deny', '--error', 'invalid_scope', '--description', 'no such scope']);
    const none = await here.run(['links', 'list']);
    expect(none).toMatchObject({ exitCode: 0, stdout: '' });
    expect(none.stderr).toContain('--all');
    const { links } = (await here.run(['links', 'list', '--all', '--json'])).json() as { links: unknown[] };
    expect(links).toMatchObject([
      { state: 'denied', error: 'invalid_scope', errorDescription: 'no such scope' },
    ]);
  });
});

describe('sandbox links approve', () => {
  it.each([
    ['the only open one', []],
    ['by -c and -i', ['-c', 'forms', '-i', 'a']],
  ])('%s', async (_how, words) => {
    const here = await scriptedSandbox();
    await pending(here, 'a');
    addSecret('the key', 'key-that-was-entered');
    const flags = ['--field', 'api_key=key-that-was-entered'];
    const result = await here.run(['links', 'approve', ...words, ...flags, '--json']);
    expect(result.json()).toMatchObject({ connectionName: 'forms', identifier: 'a', status: 'ACTIVE' });
  });

  it.each(['id', 'link'] as const)('by its %s', async (name) => {
    const here = await scriptedSandbox();
    await pending(here, 'a', 'b');
    const link = here.sandbox.control.links()[1];
    const result = await here.run(['links', 'approve', link?.[name] ?? '', '--field', 'api_key=k', '--json']);
    expect(result.json()).toMatchObject({ identifier: 'b', status: 'ACTIVE' });
    expect(here.sandbox.control.links()).toMatchObject([{ identifier: 'a' }]);
  });

  it('--fields from stdin', async () => {
    const here = await scriptedSandbox();
    await pending(here, 'a');
    const result = await here.run(['links', 'approve', '--fields', '-'], { stdin: '{"api_key": "k"}' });
    expect(result.stdout).toMatch(/^forms\ta\tACTIVE\tAPI_KEY\tca_\d+\t\n$/);
  });

  it.each([
    [
      'several',
      ['a', 'b'],
      [],
      { code: 'ambiguous', message: expect.stringMatching(/one of 2: lnk_\d+ \(forms, a\), /) },
    ],
    [
      'none',
      [],
      [],
      {
        code: 'no_open_link',
        hint: expect.stringContaining('authorize -c CONNECTION -i IDENTIFIER --no-wait --sandbox'),
      },
    ],
    ['none of that user', ['a'], ['-i', 'b'], { message: 'there is no open link of b' }],
    [
      'one that is not there',
      ['a'],
      ['lnk_9'],
      { code: 'link_not_found', hint: expect.stringContaining('links list') },
    ],
    [
      'no fields',
      ['a'],
      [],
      { message: expect.stringContaining('api_key'), hint: expect.stringContaining('--field') },
    ],
    ['a field of no form', ['a'], ['--field', 'x'], { message: expect.stringContaining('name=value') }],
    ['fields that are none', ['a'], ['--fields', '-'], { code: 'bad_json' }],
  ])('%s: a usage error', async (_what, identifiers: string[], words: string[], error) => {
    const here = await scriptedSandbox();
    await pending(here, ...identifiers);
    const result = await here.run(
      ['links', 'approve', ...words, '--json'],
      words.includes('-') ? { stdin: '[1]' } : {},
    );
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject(error);
  });
});

describe('sandbox links deny', () => {
  it('access_denied; a second time it is not open', async () => {
    const here = await scriptedSandbox();
    await pending(here, 'a');
    const denied = (await here.run(['links', 'deny', '--json'])).json() as { id: string };
    expect(denied).toMatchObject({ state: 'denied', error: 'access_denied' });
    const again = await here.run(['links', 'deny', denied.id, '--json']);
    expect(again).toMatchObject({ exitCode: 2 });
    expect(again.error()).toMatchObject({
      code: 'link_not_open',
      hint: expect.stringContaining('authorize'),
    });
  });

  it.each([
    [['--error', 'no "code"'], 'error may hold'],
    [['--description', 'the scope "x"'], 'errorDescription may hold'],
    [['--description', 'größer'], 'errorDescription may hold'],
  ])('%s is refused with what OAuth takes', async (options, message) => {
    const here = await scriptedSandbox();
    await pending(here, 'a');
    const result = await here.run(['links', 'deny', ...options, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().message).toContain(message);
    expect(here.sandbox.control.links()).toHaveLength(1);
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folders, run } from './run.ts';

const GOOD = {
  display_name: 'Acme Notes',
  description: 'Notes at Acme',
  proxy_url: 'https://{{domain}}/v1/{{workspace}}',
  proxy_enabled: true,
  auth_patterns: [
    {
      type: 'API_KEY',
      display_name: 'API key',
      fields: [
        { field_name: 'api_key', label: 'Key', input_type: 'password', required: true },
        { field_name: 'domain', required: true },
        { field_name: 'workspace', required: true, is_path_param: true },
      ],
      auth_header_key_override: 'X-Api-Key',
    },
  ],
};

async function written(name: string, content: string | object): Promise<string> {
  const path = join(folders.cwd, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return name;
}

/** Four errors; what is wrong by itself hides nothing of the rest. */
const BAD = `display_name: Acme (test)
proxy_url: https://{{host}}.acme.example
proxy_enabled: true
auth_patterns:
  - type: BEARER
    fields:
      - field_name: host
      - { field_name: token, input_type: secret }
    auth_field_mutations: { username: { prefix: a } }
`;

describe('a connector', () => {
  it('that is right: nothing on stdout, exit 0', async () => {
    const finished = await run(['sandbox', 'validate', await written('good.json', GOOD)]);
    expect([finished.exitCode, finished.stdout]).toEqual([0, '']);
    expect(finished.stderr).toBe('good.json: a connector that is valid.\n');
  });

  it('that is wrong: every problem with its place, exit 2', async () => {
    const finished = await run(['sandbox', 'validate', await written('bad.yaml', BAD)]);
    expect(finished.exitCode).toBe(2);
    expect(
      finished.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')),
    ).toEqual([
      ['bad.yaml', '1', '15', 'error', 'display_name', 'may hold letters, digits and spaces only'],
      [
        'bad.yaml',
        '7',
        '9',
        'error',
        'auth_patterns[0].fields[0].is_path_param',
        'must be true, for {{host}} is a named path parameter',
      ],
      [
        'bad.yaml',
        '8',
        '42',
        'error',
        'auth_patterns[0].fields[1].input_type',
        'must be one of text, password, select',
      ],
      [
        'bad.yaml',
        '9',
        '29',
        'error',
        'auth_patterns[0].auth_field_mutations.username',
        'does not go with BEARER, which sends token',
      ],
    ]);
    expect(finished.stderr).toContain('4 problems in bad.yaml');
  });

  it('from stdin', async () => {
    const finished = await run(['sandbox', 'validate', '-', '--json'], {
      stdin: BAD.replace('secret', 'text'),
    });
    expect(finished.exitCode).toBe(2);
    expect(finished.json()).toMatchObject({
      files: [{ file: '<stdin>', kind: 'connector', valid: false }],
      problems: [
        { file: '<stdin>', line: 1, path: 'display_name', severity: 'error' },
        {
          line: 7,
          path: 'auth_patterns[0].fields[0].is_path_param',
          severity: 'error',
          message: 'must be true, for {{host}} is a named path parameter',
        },
        {
          line: 8,
          path: 'auth_patterns[0].fields[1].input_type',
          severity: 'warning',
          message: 'is not password: whoever looks on reads the token',
        },
        {
          line: 9,
          path: 'auth_patterns[0].auth_field_mutations.username',
          severity: 'error',
          message: 'does not go with BEARER, which sends token',
        },
      ],
      errors: 3,
      warnings: 1,
    });
    expect(finished.error()).toMatchObject({
      code: 'bad_definition',
      exitCode: 2,
      message: '3 problems in <stdin>',
    });
  });

  it('on a terminal, in words', async () => {
    const name = await written('worded.json', { ...GOOD, proxy_url: 'ftp://x/{{domain}}/{{workspace}}' });
    const finished = await run(['sandbox', 'validate', name, '--no-color'], { terminal: ['stdout'] });
    expect(finished.stdout).toBe(
      'worded.json:4:16  error\n  proxy_url: must be https:// (http:// on loopback only)\n',
    );
  });
});

describe('warnings', () => {
  it.each([
    ['exit 0', [], 0],
    ['exit 2 with --strict', ['--strict'], 2],
  ])('%s', async (_what, flags, expected) => {
    const name = await written('warned.json', { ...GOOD, proxy_enabled: false, proxy_enable: true });
    const finished = await run(['sandbox', 'validate', name, '--json', ...flags]);
    expect(finished.exitCode).toBe(expected);
    expect(finished.json()).toMatchObject({
      files: [{ valid: true }],
      problems: [
        { path: 'proxy_enabled', severity: 'warning', message: expect.stringContaining('proxy not enabled') },
        { path: 'proxy_enable', severity: 'warning', message: 'is not known here and passed over' },
      ],
    });
  });
});

describe('--strict', () => {
  it.each([
    ['warnings alone', { proxy_enabled: false }, '1 warning in x.json', 'Warnings fail because of --strict.'],
    ['an error, too', { proxy_enabled: false, icon_src: 'x' }, '2 problems in x.json', null],
  ])('says why it failed: %s', async (_what, wrong, message, hint) => {
    const name = await written('x.json', { ...GOOD, ...wrong });
    const finished = await run(['sandbox', 'validate', name, '--json', '--strict']);
    expect(finished.error()).toMatchObject({ message, hint });
  });
});

const CONFIG = `environment:
  client_secret: \${NOT_SET}
connectors:
  - parts/acme.json
  - display_name: Docs
    proxy_url: https://docs.example/mcp
    auth_patterns: [{ type: OAUTH, is_mcp: true, oauth_config: { pkce_enabled: true } }]
connections:
  - { name: acme, connector: acme-notes }
  - { name: docs, connector: docs }
allow_hosts: [docs.example]
`;

describe('a config', () => {
  it('with its connector files; a variable that is not set is a warning', async () => {
    await written('parts/acme.json', GOOD);
    const name = await written('sandbox.yaml', CONFIG);
    const finished = await run(['sandbox', 'validate', name, '--json']);
    expect(finished.exitCode).toBe(0);
    expect(finished.json()).toEqual({
      files: [{ file: 'sandbox.yaml', kind: 'config', valid: true }],
      problems: [
        {
          file: 'sandbox.yaml',
          line: 2,
          column: 18,
          path: 'environment.client_secret',
          severity: 'warning',
          message: 'the variable NOT_SET is not set',
        },
      ],
      errors: 0,
      warnings: 1,
    });
    const set = await run(['sandbox', 'validate', name], { env: { NOT_SET: 'now it is' } });
    expect([set.exitCode, set.stdout]).toEqual([0, '']);
  });

  it('what a variable that is not set lacks is not told of, too', async () => {
    await written('parts/acme.json', GOOD);
    const webhooks = 'environment:\n  webhooks: [{ url: http://127.0.0.1:1, secret: "${NOT_SET}" }]\n';
    const name = await written('hooked.yaml', CONFIG.replace(/^.*\n.*\n/, webhooks));
    const unset = await run(['sandbox', 'validate', name, '--json']);
    expect(unset).toMatchObject({ exitCode: 0 });
    expect(unset.json()).toMatchObject({
      problems: [{ path: 'environment.webhooks[0].secret', message: 'the variable NOT_SET is not set' }],
    });
    const set = await run(['sandbox', 'validate', name, '--json'], { env: { NOT_SET: 'no key' } });
    expect(set.json()).toMatchObject({ problems: [{ message: expect.stringContaining('whsec_') }] });
  });

  it('a problem in a connector file is told of at its place in that file, beside the config’s own', async () => {
    await written('parts/acme.json', { ...GOOD, icon_src: 'http://x' });
    const name = await written('sandbox.yaml', CONFIG.replace('name: docs,', 'name: acme,'));
    const finished = await run(['sandbox', 'validate', name, '--json']);
    expect(finished.exitCode).toBe(2);
    expect(finished.json()).toMatchObject({
      problems: [
        { file: 'sandbox.yaml', line: 2 },
        { file: 'sandbox.yaml', line: 10, path: 'connections[1].name' },
        {
          file: join('parts', 'acme.json'),
          line: 30,
          path: 'connectors[0].icon_src',
          message: 'must be https://',
        },
      ],
    });
  });
});

describe('several files', () => {
  it('are all looked at; what cannot be read is a problem of its own', async () => {
    const names = [
      await written('one.json', GOOD),
      'nowhere.json',
      await written('broken.yaml', 'a: ['),
      await written('empty.yaml', ''),
      await written('list.json', '[1]'),
    ];
    const finished = await run(['sandbox', 'validate', ...names, '--json']);
    expect(finished.exitCode).toBe(2);
    expect(finished.json()).toMatchObject({
      files: [
        { file: 'one.json', kind: 'connector', valid: true },
        { file: 'nowhere.json', kind: null, valid: false },
        { file: 'broken.yaml', valid: false },
        { file: 'empty.yaml', valid: false },
        { file: 'list.json', valid: false },
      ],
      problems: [
        { file: 'nowhere.json', line: null, message: 'cannot be read (ENOENT)' },
        { file: 'broken.yaml', line: 1 },
        { file: 'empty.yaml', message: 'must be a mapping' },
        { file: 'list.json', message: 'must be a mapping' },
      ],
    });
  });

  it('no file, and stdin twice: usage errors', async () => {
    expect((await run(['sandbox', 'validate'])).stderr).toContain("missing required argument 'file'");
    const twice = await run(['sandbox', 'validate', '-', '-'], { stdin: '' });
    expect([twice.exitCode, twice.stderr]).toEqual([2, expect.stringContaining('stdin can be read once')]);
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Contract } from '../../src/contracts/contract.ts';
import { folders } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import type { Received } from './support/http.ts';

const environment = useEnvironment();
const USER = ['-c', 'rest', '-i', 'user_1'];
const MESSAGE = { ok: true, channel: 'C1', ts: '1.2', message: { text: 'Hi' } };

let count = 0;
let file = '';
beforeEach(() => {
  file = `tools-${++count}.yaml`;
  environment.rest.received.length = 0;
});

function answers(path: string, value: unknown, status = 200): void {
  environment.rest.at(path, (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  });
}

const create = (...argv: string[]) => environment.run(['tools', 'new', ...argv, ...USER, '--file', file]);
const written = async () => readFile(join(folders.cwd, file), 'utf8');
const sent = () =>
  environment.rest.received.map(({ method, url, body }: Received) => `${method} ${url} ${String(body)}`);

async function made(...argv: string[]): Promise<Contract> {
  const { exitCode, stderr } = await create('crm_do_it', ...argv);
  expect(exitCode, stderr).toBe(0);
  const { tools } = parse(await written()) as { tools: [Contract] };
  return tools[0];
}

describe('a tool that sends something', () => {
  const argv = [
    'slack_send_message',
    'POST',
    '/api/chat.postMessage',
    '-f',
    'channel=C1',
    '-f',
    'text=Hi',
    '--description',
    'Send a message to a Slack channel on behalf of the user',
    '--describe',
    'channel=Channel ID, such as C024BE91L',
    '--describe',
    'text=What to say',
  ];

  it('is written, and makes the same call; nothing is sent twice', async () => {
    answers('/api/chat.postMessage', MESSAGE);
    const { exitCode, stdout, stderr } = await create(
      ...argv,
      '--output-expr',
      '{ts: .ts, channel: .channel}',
    );
    expect(exitCode).toBe(0);
    expect(sent()).toEqual(['POST /api/chat.postMessage {"channel":"C1","text":"Hi"}']);
    expect(parse(stdout)).toEqual([
      {
        name: 'slack_send_message',
        description: 'Send a message to a Slack channel on behalf of the user',
        input_schema: {
          type: 'object',
          properties: {
            channel: { type: 'string', description: 'Channel ID, such as C024BE91L', maxLength: 200 },
            text: { type: 'string', description: 'What to say', maxLength: 4000 },
          },
          required: ['channel', 'text'],
          additionalProperties: false,
        },
        request: {
          connection: 'rest',
          path: '/api/chat.postMessage',
          body: { channel: '{{channel}}', text: '{{text}}' },
        },
        output: '{ts: .ts, channel: .channel}',
        fail_when: '.ok == false',
        error: '"Slack error: " + (.error // "unknown" | tostring)',
        read_only: false,
        examples: [{ input: { channel: 'C1', text: 'Hi' } }],
      },
    ]);
    expect(await written()).toContain(stdout.replace(/^(?=.)/gm, '  '));
    expect(stderr).toContain(
      'Of that answer (nothing was sent again) the tool gives:\n{\n  "ts": "1.2",\n  "channel": "C1"\n}',
    );
    expect(stderr).toContain(`✓ Wrote slack_send_message to ${file}:3`);
  });

  it('is run by the command that it names, and what fails is an error', async () => {
    answers('/api/chat.postMessage', MESSAGE);
    const { stderr } = await create(...argv);
    const [, command = ''] = /Run it: sk-connect (.*)/.exec(stderr) ?? [];
    const words = command.split(' ');
    const run = await environment.run([...words, '--json', '--yes']);
    expect(run.json()).toMatchObject({ data: { channel: 'C1', ts: '1.2', message: { text: 'Hi' } } });
    answers('/api/chat.postMessage', { ok: false, error: 'channel_not_found' });
    const failed = await environment.run([...words, '--json', '--yes']);
    expect([failed.exitCode, failed.error().message]).toEqual([
      5,
      expect.stringContaining('Slack error: channel_not_found'),
    ]);
  });

  it('passes tools lint', async () => {
    answers('/api/chat.postMessage', MESSAGE);
    await create(...argv);
    const { exitCode } = await environment.run(['tools', 'lint', file, '--strict']);
    expect(exitCode).toBe(0);
  });
});

describe('a tool that reads', () => {
  it('is run once; the path’s templates and what looks like an id are inputs', async () => {
    answers('/repos/cli/cli/issues/42/comments', [{ id: 1, body: 'x', user: { login: 'ada' } }]);
    const contract = await made(
      '/repos/{owner}/{repo}/issues/42/comments?sort=created',
      '--path',
      'owner=cli',
      '--path',
      'repo=cli',
      '-q',
      'per_page=5',
    );
    expect(contract.request).toEqual({
      connection: 'rest',
      path: '/repos/{{owner}}/{{repo}}/issues/{{issue_id}}/comments',
      query: { sort: 'created', per_page: '{{per_page}}' },
    });
    expect(contract.input_schema).toMatchObject({
      required: ['owner', 'repo', 'issue_id'],
      properties: { per_page: { type: 'integer', maximum: 100, default: 5 } },
    });
    expect(contract.output).toBe('{comments: [.[]? | {id, body, user: .user.login}], count: length}');
    expect(contract.examples).toEqual([
      { input: { owner: 'cli', repo: 'cli', issue_id: '42', per_page: 5 } },
    ]);
    expect(sent()).toEqual(Array(2).fill('GET /repos/cli/cli/issues/42/comments?sort=created&per_page=5 '));
  });

  it.each<[string, string[], object]>([
    ['none', ['--inputs', ''], { query: { q: 'is:unread', maxResults: 10 } }],
    ['one', ['--inputs', 'max_results'], { query: { q: 'is:unread', maxResults: '{{max_results}}' } }],
    [
      'one as it was typed',
      ['--inputs', 'maxResults'],
      { query: { q: 'is:unread', maxResults: '{{max_results}}' } },
    ],
    [
      'one of another name',
      ['--inputs', 'limit=maxResults'],
      { query: { q: 'is:unread', maxResults: '{{limit}}' } },
    ],
  ])('takes as inputs what --inputs says: %s', async (_, flags, request) => {
    answers('/messages', { messages: [] });
    const contract = await made('/messages', '-q', 'q=is:unread', '-q', 'maxResults=10', ...flags);
    expect(contract.request).toMatchObject(request);
  });

  it('leaves out what --optional says', async () => {
    answers('/messages', { messages: [] });
    const { input_schema: schema } = await made('/messages', '-q', 'q=x', '-q', 'label=y', '--optional', 'q');
    expect(schema['required']).toEqual(['label']);
  });
});

describe('what is sent', () => {
  it.each<[string, string[], object]>([
    ['repeated parameters', ['/x', '-q', 'id=1', '-q', 'id=2'], { path: '/x', query: { id: '{{id}}' } }],
    [
      'a form',
      ['/x', '--urlencoded', 'a=1', '--urlencoded', 'b=x y'],
      {
        path: '/x',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: { a: '{{a}}', b: '{{b}}' },
      },
    ],
    [
      'nested fields',
      ['/x', '-f', 'a[b]=1', '-F', 'a[c]=2', '-F', 'd[]=3'],
      {
        path: '/x',
        body: { a: { b: '{{b}}', c: '{{c}}' }, d: '{{d}}' },
      },
    ],
    [
      'the same name twice',
      ['/x', '-f', 'a[id]=1', '-f', 'b[id]=2'],
      {
        path: '/x',
        body: { a: { id: '{{id}}' }, b: { id: '{{b_id}}' } },
      },
    ],
    ['a text', ['PUT', '/x', '-d', 'plain'], { method: 'PUT', path: '/x', body: '{{body}}' }],
    [
      'another type',
      ['/x', '-d', '<a/>', '-H', 'content-type: text/xml'],
      {
        path: '/x',
        headers: { 'content-type': 'text/xml' },
        body: '{{body}}',
      },
    ],
    ['headers', ['/x', '-H', 'X-Version: 2'], { path: '/x', headers: { 'X-Version': '2' } }],
    [
      'braces that are none of ours',
      ['/x', '-d', '{"type": "a {{b}} {c}"}'],
      { path: '/x', body: { type: 'a {{{{b}} {c}' } },
    ],
    [
      'an identifier',
      ['/x', '-q', 'identifier=9'],
      { path: '/x', query: { identifier: '{{query_identifier}}' } },
    ],
  ])('%s', async (_, argv, request) => {
    answers('/x', { id: 1 });
    const { exitCode, stderr } = await create('crm_do_it', ...argv);
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('Mind:')]);
    const { tools } = parse(await written()) as { tools: [Contract] };
    expect(tools[0].request).toEqual({ connection: 'rest', ...request });
  });

  it('GraphQL: the variables are inputs, and a query is read-only', async () => {
    answers('/graphql', { data: { repository: { id: 'R1', name: 'cli' } } });
    await writeFile(
      join(folders.cwd, 'repo.graphql'),
      'query($owner: String!) { repository(owner: $owner) { id name } }',
    );
    const contract = await made('/graphql', '--graphql', 'repo.graphql', '-f', 'owner=cli');
    expect(contract).toMatchObject({
      request: {
        body: { query: expect.stringContaining('$owner') as string, variables: { owner: '{{owner}}' } },
      },
      output: '.data.repository | {id, name}',
      fail_when: '.errors',
      read_only: true,
    });
    expect(sent()).toHaveLength(2);
  });
});

describe('refused before anything is sent', () => {
  it.each<[string, string[], string]>([
    ['a name that is none', ['a b', '/x'], 'bad_tool_name'],
    ['an input that is none', ['crm_do_it', '/x', '-q', 'limit=1', '--inputs', 'limt'], 'unknown_input'],
    ['a description of none', ['crm_do_it', '/x', '--describe', 'a=b'], 'unknown_input'],
    ['an expression that is none', ['crm_do_it', '/x', '--output-expr', '{'], 'bad_jq'],
    ['a secret', ['crm_do_it', '/x', '-H', 'X-Api-Key: hunter2-hunter2'], 'secret_in_contract'],
    ['a secret as an input', ['crm_do_it', '/x', '-F', 'password=hunter2-hunter2'], 'secret_in_contract'],
    ['an integer that no contract holds', ['crm_do_it', '/x', '-d', '{"big": 9007199254740993}'], 'usage'],
    ['an open template', ['crm_do_it', '/{x}'], 'open_template'],
    ['a path input that may be left out', ['crm_do_it', '/{x}', '--path', 'x=1', '--optional', 'x'], 'usage'],
  ])('%s', async (_, argv, code) => {
    const finished = await create(...argv, '--json');
    expect([finished.exitCode, finished.error().code]).toEqual([2, code]);
    expect(finished.stderr).not.toContain('hunter2');
    expect(sent()).toEqual([]);
    await expect(written()).rejects.toThrow('ENOENT');
  });

  it.each([
    [
      'a tool of this name',
      'tools:\n  - { name: crm_do_it, input_schema: { type: object }, request: { path: /x } }\n',
      'tool_exists',
    ],
    ['a file with mistakes', 'tools:\n  - name: crm_other\n', 'bad_contract'],
  ])('%s', async (_, text, code) => {
    await writeFile(join(folders.cwd, file), text);
    const finished = await create('crm_do_it', '/x', '--json');
    expect([finished.exitCode, finished.error().code]).toEqual([2, code]);
    expect([sent(), await written()]).toEqual([[], text]);
  });

  it('--dry-run sends and writes nothing', async () => {
    const { exitCode, stdout } = await create('crm_do_it', 'POST', '/x', '-f', 'a=1', '--dry-run');
    expect(exitCode).toBe(0);
    expect(parse(stdout)).toMatchObject([{ name: 'crm_do_it', request: { body: { a: '{{a}}' } } }]);
    expect(sent()).toEqual([]);
    await expect(written()).rejects.toThrow('ENOENT');
  });
});

describe('no tool is made of an answer', () => {
  it.each([
    ['that is an error', { message: 'no' }, 404, 'provider_error'],
    ['that says it is one', { ok: false, error: 'not_in_channel' }, 200, 'unusable_answer'],
    ['that is a redirect', {}, 302, 'unusable_answer'],
  ])('%s', async (_, body, status, code) => {
    answers('/x', body, status);
    const finished = await create('crm_do_it', '/x', '--json');
    expect([finished.exitCode, finished.error().code]).toEqual([5, code]);
    await expect(written()).rejects.toThrow('ENOENT');
  });

  it('of an account that is not ACTIVE', async () => {
    const { exitCode } = await environment.run([
      'tools',
      'new',
      'crm_do_it',
      '/x',
      '-c',
      'rest',
      '-i',
      'expired',
    ]);
    expect([exitCode, sent()]).toEqual([4, []]);
  });
});

describe('where it goes', () => {
  it('behind the tools of a file, whose comments stay', async () => {
    answers('/x', { id: 1 });
    const before =
      '# Ours\ntools:\n  - name: crm_other # first\n    input_schema: { type: object }\n    request: { path: /x }\n';
    await writeFile(join(folders.cwd, file), before);
    await create('crm_do_it', '/x');
    expect(await written()).toMatch(new RegExp(`^${before.replace(/[{}]/g, '\\$&')}  - name: crm_do_it\n`));
  });

  it('--file - prints it only', async () => {
    answers('/x', { id: 1 });
    const { stdout, stderr, exitCode } = await environment.run([
      'tools',
      'new',
      'crm_do_it',
      '/x',
      ...USER,
      '--file',
      '-',
    ]);
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('Wrote')]);
    expect(parse(stdout)).toMatchObject([{ name: 'crm_do_it', output: '{id}' }]);
  });

  it('--json prints what was made as one document, integers as they came', async () => {
    environment.rest.at('/x', (_request, response) => void response.end('{"id":9007199254740993}'));
    const finished = await create(
      'crm_do_it',
      '/x',
      '--description',
      'Read the one thing of the CRM',
      '--json',
    );
    expect(finished.json()).toMatchObject({
      tool: 'crm_do_it',
      file,
      line: 3,
      command: `sk-connect tools exec crm_do_it --contracts ${file} -i user_1`,
      problems: [],
      contract: { name: 'crm_do_it', output: '{id}' },
    });
    expect(finished.stdout).toContain('"output":{"id":9007199254740993}}');
    expect(finished.stderr).toBe('');
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { useEnvironment } from '../commands/support/environment.ts';
import { folders, onTerminal } from './support/program.ts';

vi.setConfig({ testTimeout: 30_000 });
const environment = useEnvironment();
const DOWN = '\u001b[B';
const ENTER = '\r';

function answers(path: string, value: object): void {
  environment.rest.at(path, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  });
}
const open = (...argv: string[]) =>
  onTerminal(['tools', 'new', ...argv, '-c', 'rest', '-i', 'user_1'], { env: environment.sandbox.env });

it('asks what the model gives and what comes back, shows the tool, writes it', async () => {
  answers('/messages', { messages: [{ id: 'a', threadId: 'b', etag: 'c' }], resultSizeEstimate: 1 });
  const terminal = open('gmail_list_unread', '/messages', '-q', 'q=is:unread', '-q', 'maxResults=10');
  const { pty } = terminal;
  const says = (pattern: RegExp) => terminal.says(pattern);
  await says(/200 OK\s+\{\s+"messages"/);
  await says(/Which of these does the model give\?[^]*◉ q = is:unread\s+◉ maxResults = 10/);
  pty.write(` ${DOWN}`);
  await says(/◯ q = is:unread/);
  pty.write(ENTER);
  await says(/maxResults: what is the input called\? \(max_results\)/);
  pty.write(`identifier${ENTER}`);
  await says(/what the caller says/);
  pty.write(`${'\u007f'.repeat(10)}limit${ENTER}`);
  await says(/limit: what is it, for the model\? \(such as 10\)/);
  pty.write(`How many messages at most${ENTER}`);
  await says(/Which may be left out\?[^]*◉ limit/);
  pty.write(ENTER);
  await says(/What does the tool do, and when is it used\?/);
  pty.write(`List the unread messages of the user${ENTER}`);
  await says(/Of the answer the model would get:\s+\{"messages":\[\{"id":"a","threadId":"b"\}\]/);
  await says(/What does the tool return, as jq\? \(\{messages: /);
  pty.write(`{messages: .messages[]}, 1${ENTER}`);
  await says(/It gives 2 values/);
  pty.write(`${'\u007f'.repeat(30)}{{messages: [.messages[]?.id]}${ENTER}`);
  await says(/is no jq expression/);
  pty.write(`${'\u007f'.repeat(40)}{messages: [.messages[]?.id]}${ENTER}`);
  await says(/- name: gmail_list_unread/);
  await says(/Run once, the tool gives:/);
  await says(/Write it to tools\.yaml\? \(Y\/n\)/);
  pty.write(ENTER);
  await says(/✓ Wrote gmail_list_unread to tools\.yaml:3/);
  await says(/→ Run it: sk-connect tools exec gmail_list_unread/);
  expect(await terminal.exited).toBe(0);
  expect(parse(await readFile(join(folders.cwd, 'tools.yaml'), 'utf8'))).toMatchObject({
    tools: [
      {
        description: 'List the unread messages of the user',
        input_schema: {
          properties: { limit: { description: 'How many messages at most', default: 10, maximum: 100 } },
        },
        request: { query: { q: 'is:unread', maxResults: '{{limit}}' } },
        output: '{messages: [.messages[]?.id]}',
      },
    ],
  });
  expect(environment.rest.received.map(({ url }) => url)).toEqual(
    Array(2).fill('/messages?q=is%3Aunread&maxResults=10'),
  );
});

it('asks before it changes something; no is no', async () => {
  environment.rest.received.length = 0;
  const terminal = open('crm_create_user', 'POST', '/users', '-f', 'name=Ada', '--file', 'none.yaml');
  await terminal.says(/Send POST \/users for user_1 on rest\?/);
  terminal.pty.write(`n${ENTER}`);
  await terminal.says(/error: nothing was sent/);
  expect(await terminal.exited).toBe(130);
  expect(environment.rest.received).toEqual([]);
});

it('what flags say is not asked; Ctrl-C leaves the file as it was', async () => {
  answers('/users', { id: 1 });
  const terminal = open(
    'crm_create_user',
    'POST',
    '/users',
    '-f',
    'name=Ada',
    '--yes',
    '--file',
    'none.yaml',
    '--inputs',
    'name',
    '--describe',
    'name=Who',
    '--optional',
    '',
    '--description',
    'Create a user',
  );
  await terminal.says(/What does the tool return, as jq\?/);
  expect(terminal.text()).not.toMatch(/Send POST|Which|what is/);
  terminal.pty.write('\u0003');
  expect(await terminal.exited).toBe(130);
  await expect(readFile(join(folders.cwd, 'none.yaml'))).rejects.toThrow('ENOENT');
});

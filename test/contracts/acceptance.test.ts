import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { folders } from '../commands/run.ts';
import { useEnvironment } from '../commands/support/environment.ts';
import { googleError, sendJson, serveGmail, serveSlack } from './support/providers.ts';

vi.setConfig({ testTimeout: 20_000 });

// The first page's three tools, against what Gmail and Slack answer.
const environment = useEnvironment(({ token }) => ({
  connections: [
    { name: 'gmail', connector: 'test-rest' },
    { name: 'slack', connector: 'test-rest' },
  ],
  accounts: [
    { connection: 'gmail', identifier: 'user_123', credentials: { token } },
    { connection: 'slack', identifier: 'user_123', credentials: { token } },
    { connection: 'gmail', identifier: 'expired', status: 'EXPIRED', credentials: { token } },
  ],
}));
beforeAll(async () => {
  await copyFile(
    fileURLToPath(new URL('support/tools.yaml', import.meta.url)),
    join(folders.cwd, 'tools.yaml'),
  );
});

const exec = (name: string, ...rest: string[]) =>
  environment.run(['tools', 'exec', name, '--contracts', 'tools.yaml', '-i', 'user_123', ...rest]);
const last = () => environment.rest.received.at(-1);

describe('gmail_list_filters', () => {
  const filters = [{ id: 'f1', criteria: { from: 'a@example.com' }, action: { addLabelIds: ['TRASH'] } }];

  it('gives {filters, count}', async () => {
    serveGmail(environment.rest, { filters, unread: [] });
    const result = await exec('gmail_list_filters');
    expect(result).toMatchObject({ exitCode: 0, stdout: `${JSON.stringify({ filters, count: 1 })}\n` });
    expect(last()).toMatchObject({ method: 'GET', url: '/gmail/v1/users/me/settings/filters' });
    expect(last()?.headers.authorization).toBe(`Bearer ${environment.restToken}`);
  });

  it('gives an empty list where Gmail leaves it out', async () => {
    serveGmail(environment.rest, { filters: [], unread: [] });
    const result = await exec('gmail_list_filters');
    expect(result.json()).toEqual({ filters: [], count: 0 });
  });
});

describe('gmail_list_unread', () => {
  it('gives {messages}, ten where nothing else is asked for', async () => {
    serveGmail(environment.rest, { filters: [], unread: Array.from({ length: 12 }, (_, id) => `m${id}`) });
    const result = await exec('gmail_list_unread');
    const { messages, ...rest } = result.json() as { messages: object[] };
    expect(rest).toEqual({});
    expect(messages).toHaveLength(10);
    expect(messages[0]).toEqual({ id: 'm0', threadId: 'tm0' });
    expect(last()?.url).toBe('/gmail/v1/users/me/messages?q=is%3Aunread&maxResults=10');
  });

  it('takes how many', async () => {
    serveGmail(environment.rest, { filters: [], unread: ['a', 'b', 'c'] });
    const result = await exec('gmail_list_unread', '-p', 'max_results=2');
    expect(result.json()).toEqual({
      messages: [
        { id: 'a', threadId: 'ta' },
        { id: 'b', threadId: 'tb' },
      ],
    });
  });

  it('sends nothing that does not fit the schema', async () => {
    const before = environment.rest.received.length;
    const result = await exec('gmail_list_unread', '-p', 'max_results=101', '--json');
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({
      code: 'invalid_input',
      details: { violations: [{ path: '/max_results', message: 'must be <= 100, not 101' }] },
    });
    expect(environment.rest.received).toHaveLength(before);
  });

  it("tells Gmail's refusal in its own words, without its payload", async () => {
    environment.rest.at('/gmail/v1/users/me/messages', (_request, response) =>
      sendJson(response, 403, googleError(403, 'Request had insufficient authentication scopes.')),
    );
    const result = await exec('gmail_list_unread', '--json');
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    const { message, httpStatus, hint } = result.error();
    expect(message).toBe(
      'the tool failed: the provider answered 403 Forbidden: PERMISSION_DENIED: Request had insufficient authentication scopes.',
    );
    expect(httpStatus).toBe(403);
    expect(hint).toContain('sk-connect authorize -c gmail -i user_123 --force');
  });

  it('asks for no messages of an account that is not ACTIVE', async () => {
    const before = environment.rest.received.length;
    const result = await exec('gmail_list_unread', '-i', 'expired', '--json');
    expect(result.exitCode).toBe(4);
    expect(result.error()).toMatchObject({ code: 'account_not_active' });
    expect(result.error().hint).toBe('Authorize the user: sk-connect authorize -c gmail -i expired');
    expect(environment.rest.received).toHaveLength(before);
  });
});

describe('slack_send_message', () => {
  it('gives {ts, channel}', async () => {
    serveSlack(environment.rest, { '#general': 'C024BE91L' });
    const result = await exec(
      'slack_send_message',
      '-p',
      'channel=#general',
      '-p',
      'text=Grüße, “007” {{x}} 🙂',
    );
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: '{"ts":"1763740800.000100","channel":"C024BE91L"}\n',
    });
    expect(last()).toMatchObject({ method: 'POST', url: '/api/chat.postMessage' });
    expect(last()?.headers['content-type']).toBe('application/json');
    expect(last()?.body.toString()).toBe('{"channel":"#general","text":"Grüße, “007” {{x}} 🙂"}');
  });

  it('fails where Slack says ok: false', async () => {
    serveSlack(environment.rest, {});
    const before = environment.rest.received.length;
    const result = await exec('slack_send_message', '-p', 'channel=#nowhere', '-p', 'text=hi');
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.stderr).toMatch(/^error: the tool failed: Slack error: channel_not_found\n/);
    expect(environment.rest.received).toHaveLength(before + 1);
  });
});

describe('tools list', () => {
  it('lists them without credentials and without a network', async () => {
    const result = await environment.run(['tools', 'list', '--contracts', 'tools.yaml'], {
      env: { SCALEKIT_ENV_URL: undefined, SCALEKIT_CLIENT_ID: undefined, SCALEKIT_CLIENT_SECRET: undefined },
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toBe(
      [
        'gmail_list_filters\tcustom\t\tList Gmail filters configured for the current user\n',
        'gmail_list_unread\tcustom\t\tList the unread messages of the current user\n',
        'slack_send_message\tcustom\tchannel, text\tSend a message to a Slack channel on behalf of the user\n',
      ].join(''),
    );
  });
});

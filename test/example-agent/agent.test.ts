import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { expectNoSecrets } from '../commands/secrets.ts';
import { useEnvironment } from '../commands/support/environment.ts';

const CONNECTIONS = ['gmail', 'slack', 'calendar'];
const environment = useEnvironment(({ token }) => ({
  connections: CONNECTIONS.map((name) => ({ name, connector: 'test-rest' })),
  accounts: CONNECTIONS.map((connection) => ({
    connection,
    identifier: 'user_7',
    credentials: { token },
    ...(connection === 'calendar' ? { status: 'EXPIRED' as const } : {}),
  })),
}));
const AGENT = fileURLToPath(new URL('agent.js', import.meta.url));

interface ToolResult {
  type: 'tool_result';
  tool_use_id: string;
  content: string;
  is_error?: true;
}

/** Runs the agent as its own process, with the package as it is built. */
async function runAgent() {
  const env = { PATH: process.env['PATH'], ...environment.sandbox.env };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [AGENT, 'user_7'], { env });
  expectNoSecrets([AGENT], [stdout, stderr]);
  const messages = JSON.parse(stdout) as { role: string; content: ToolResult[] }[];
  const results = messages.slice(1).flatMap(({ role, content }) => (role === 'user' ? content : []));
  return { stderr, results: Object.fromEntries(results.map((result) => [result.tool_use_id, result])) };
}

describe('the example agent', () => {
  it('does its work with the tools of a file, and is told what it may know of what fails', async () => {
    const { rest } = environment;
    const json = (path: string, body: object) =>
      rest.at(path, (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      );
    json('/gmail/v1/users/me/settings/filters', { filter: [{ id: 'f1' }], resultSizeEstimate: 1 });
    json('/gmail/v1/users/me/messages', { messages: [{ id: 'm1' }, { id: 'm2' }], nextPageToken: 'n' });
    rest.at('/api/chat.postMessage', ({ body }, response) => {
      const { channel } = JSON.parse(body.toString()) as { channel: string };
      const answer =
        channel === 'C1'
          ? { ok: false, error: 'channel_not_found', response_metadata: { internal: 'x' } }
          : { ok: true, ts: '17.2', channel, message: { text: 'long' } };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });

    const { stderr, results } = await runAgent();
    expect(results).toEqual({
      toolu_1: result('toolu_1', { filters: [{ id: 'f1' }], count: 1 }),
      toolu_2: failure(
        'toolu_2',
        'the input does not fit gmail_list_unread: max_results must be <= 100, not 500',
      ),
      toolu_3: result('toolu_3', { messages: [{ id: 'm1' }, { id: 'm2' }] }),
      toolu_4: result('toolu_4', { ts: '17.2', channel: '#general' }),
      toolu_5: failure('toolu_5', expect.stringMatching(/^there is no tool named "gmail_sent"/)),
      toolu_6: failure('toolu_6', 'Slack error: channel_not_found'),
      toolu_7: failure(
        'toolu_7',
        "the user's account on calendar is EXPIRED, not ACTIVE: they have to authorize it",
      ),
    });
    expect(rest.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /gmail/v1/users/me/settings/filters',
      'GET /gmail/v1/users/me/messages?q=is%3Aunread&maxResults=100',
      'POST /api/chat.postMessage',
      'POST /api/chat.postMessage',
    ]);
    const [{ link } = { link: '' }] = environment.sandbox.control
      .pendingLinks()
      .filter(({ connectionName }) => connectionName === 'calendar');
    expect(stderr).toBe(`To go on, authorize calendar: ${link}\n`);
  });
});

function result(id: string, output: object): ToolResult {
  return { type: 'tool_result', tool_use_id: id, content: JSON.stringify(output) };
}

function failure(id: string, content: string): ToolResult {
  return { type: 'tool_result', tool_use_id: id, is_error: true, content };
}

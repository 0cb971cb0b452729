import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ScalekitClient } from '@scalekit-sdk/node';
import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { describe, expect, it } from 'vitest';
import { connector, sandboxWith, sdkOf } from '../sandbox/support/sandbox.ts';
import { bodyText, upstream } from '../sandbox/support/upstream.ts';

/** https://docs.scalekit.com, "Custom tools": the functions as they stand there. */
function customTools(scalekit: ScalekitClient) {
  async function gmailListFilters(identifier: string) {
    const response = await scalekit.actions.request({
      connectionName: 'gmail',
      identifier,
      method: 'GET',
      path: '/gmail/v1/users/me/settings/filters',
    });
    const filters = response.data?.filter ?? [];
    return { filters, count: filters.length };
  }

  async function gmailListUnread(identifier: string, maxResults = 10) {
    const response = await scalekit.actions.request({
      connectionName: 'gmail',
      identifier,
      method: 'GET',
      path: '/gmail/v1/users/me/messages',
      queryParams: { q: 'is:unread', maxResults },
    });
    return { messages: response.data?.messages ?? [] };
  }

  async function slackSendMessage(identifier: string, channel: string, text: string) {
    const response = await scalekit.actions.request({
      connectionName: 'slack',
      identifier,
      method: 'POST',
      path: '/api/chat.postMessage',
      body: { channel, text },
    });
    if (!response.data?.ok) throw new Error(`Slack error: ${response.data?.error}`);
    return { ts: response.data.ts, channel: response.data.channel };
  }

  async function requireActive(identifier: string) {
    const account = (
      await scalekit.actions.getOrCreateConnectedAccount({
        connectionName: 'gmail',
        identifier,
      })
    ).connectedAccount;

    if (account?.status !== ConnectorStatus.ACTIVE) {
      throw new Error('Connected account is not ACTIVE. Re-authorize the user.');
    }
  }

  return { gmailListFilters, gmailListUnread, slackSendMessage, requireActive };
}

async function gmailAndSlack() {
  const gmail = await upstream((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.headers.authorization !== 'Bearer gmail_token') response.writeHead(401).end('{}');
    else if (request.url === '/gmail/v1/users/me/settings/filters') response.end('{"filter":[{"id":"f1"}]}');
    else if (request.url === '/gmail/v1/users/me/messages?q=is:unread&maxResults=10')
      response.end('{"messages":[{"id":"m1"}]}');
    else response.writeHead(404).end(JSON.stringify({ error: request.url }));
  });
  const answerSlack = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('content-type', 'application/json');
    const { channel, text } = JSON.parse(await bodyText(request)) as { channel: string; text: string };
    const known = channel === '#general' && request.headers.authorization === 'Bearer slack_token';
    response.end(
      JSON.stringify(known ? { ok: true, ts: `1.${text.length}`, channel } : { error: 'channel_not_found' }),
    );
  };
  const slack = await upstream((request, response) => void answerSlack(request, response));
  const oauth = (name: string) => ({
    type: 'OAUTH' as const,
    oauth_config: {
      authorize_uri: `https://${name}.example/authorize`,
      token_uri: `https://${name}.example/token`,
    },
  });
  const sandbox = await sandboxWith({
    connectors: [
      connector({ display_name: 'Gmail', proxy_url: gmail, auth_patterns: [oauth('gmail')] }),
      connector({ display_name: 'Slack', proxy_url: slack, auth_patterns: [oauth('slack')] }),
    ],
    connections: [
      { name: 'gmail', connector: 'gmail', oauth: { client_id: 'a' } },
      { name: 'slack', connector: 'slack', oauth: { client_id: 'b' } },
    ],
    accounts: [
      { connection: 'gmail', identifier: 'user_123', credentials: { access_token: 'gmail_token' } },
      { connection: 'slack', identifier: 'user_123', credentials: { access_token: 'slack_token' } },
    ],
  });
  return customTools(sdkOf(sandbox));
}

describe('Custom tools', () => {
  it('checks the account, then lists filters and unread messages, and posts a message', async () => {
    const { requireActive, gmailListFilters, gmailListUnread, slackSendMessage } = await gmailAndSlack();
    await requireActive('user_123');
    expect(await gmailListFilters('user_123')).toEqual({ filters: [{ id: 'f1' }], count: 1 });
    expect(await gmailListUnread('user_123')).toEqual({ messages: [{ id: 'm1' }] });
    expect(await slackSendMessage('user_123', '#general', 'hello')).toEqual({
      ts: '1.5',
      channel: '#general',
    });
    await expect(slackSendMessage('user_123', '#none', 'hello')).rejects.toThrow(
      'Slack error: channel_not_found',
    );
  });

  it('a user without an ACTIVE account is to authorize again', async () => {
    const { requireActive, gmailListFilters } = await gmailAndSlack();
    await expect(requireActive('user_9')).rejects.toThrow('Re-authorize the user.');
    await expect(gmailListFilters('user_9')).rejects.toMatchObject({ httpStatus: expect.any(Number) });
  });
});

import type { ServerResponse } from 'node:http';
import type { RestApi } from '../../commands/support/http.ts';

interface Mailbox {
  /** Gmail leaves `filter` out where there are none. */
  filters: object[];
  unread: string[];
}

/** https://developers.google.com/workspace/gmail/api/reference/rest, as much of it as the tools call. */
export function serveGmail(rest: RestApi, mailbox: Mailbox): void {
  rest.at('/gmail/v1/users/me/settings/filters', (_request, response) => {
    sendJson(response, 200, mailbox.filters.length === 0 ? {} : { filter: mailbox.filters });
  });
  rest.at('/gmail/v1/users/me/messages', ({ url }, response) => {
    const query = new URL(url, rest.origin).searchParams;
    if (query.get('q') !== 'is:unread') return sendJson(response, 400, googleError(400, 'Invalid query'));
    const all = mailbox.unread.map((id) => ({ id, threadId: `t${id}` }));
    const messages = all.slice(0, Number(query.get('maxResults') ?? 100));
    const listed = messages.length === 0 ? {} : { messages };
    sendJson(response, 200, { ...listed, resultSizeEstimate: all.length });
  });
}

export function googleError(code: number, message: string) {
  const status = code === 403 ? 'PERMISSION_DENIED' : 'INVALID_ARGUMENT';
  return { error: { code, message, status, errors: [{ message, domain: 'global', reason: 'forbidden' }] } };
}

/** https://docs.slack.dev/reference/methods/chat.postMessage: its errors are 200 too. */
export function serveSlack(rest: RestApi, channels: Readonly<Record<string, string>>): void {
  rest.at('/api/chat.postMessage', ({ method, headers, body }, response) => {
    const isJson = headers['content-type']?.startsWith('application/json') === true;
    if (method !== 'POST' || !isJson)
      return sendJson(response, 200, { ok: false, error: 'invalid_post_type' });
    const { channel, text } = JSON.parse(body.toString('utf8')) as { channel: string; text: string };
    const id = channels[channel];
    if (id === undefined) return sendJson(response, 200, { ok: false, error: 'channel_not_found' });
    const message = { type: 'message', user: 'U1', bot_id: 'B1', text, ts: '1763740800.000100' };
    sendJson(response, 200, { ok: true, channel: id, ts: message.ts, message });
  });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

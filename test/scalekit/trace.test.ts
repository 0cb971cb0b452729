import { Code } from '@connectrpc/connect';
import { expect, it } from 'vitest';
import type { AttemptEvent } from '../../src/scalekit/trace.ts';
import { grpcStatus, hangUp, json, refusedByScalekit } from './answers.ts';
import { bytesOf, type Client, clientOf, executeTool, failureOf, get, post, reads } from './client.ts';
import { CLIENT_SECRET, type ScriptedServer, scriptedServer } from './scripted-server.ts';

function lineOf({ phase, protocol, call, attempt, outcome = '' }: AttemptEvent): string {
  const short = call.replace(/http:\/\/127\.0\.0\.1:\d+/, '').replace('scalekit.v1.tools.ToolService/', '');
  return `${phase} ${protocol} ${short} ${attempt} ${outcome}`.trim();
}

const lines = ({ events }: Client): string[] => events.map(lineOf);

function secretsIn({ events }: Client, server: ScriptedServer, ...more: string[]): string[] {
  const text = JSON.stringify(events);
  expect(server.issued.length).toBeGreaterThan(0);
  const secrets = [CLIENT_SECRET, encodeURIComponent(CLIENT_SECRET), ...server.issued, ...more];
  return secrets.filter((secret) => text.includes(secret));
}

it('tells every attempt twice: when it is sent and how it ended, with its time', async () => {
  const server = await scriptedServer({
    tools: { listTools: () => ({}), executeTool: () => ({ executionId: 'e' }) },
    proxy: json(404, {}),
  });
  const client = clientOf(server.origin);
  await reads.ListTools(client);
  await executeTool(client);
  await bytesOf(await client.request(get('/me?page=2')));
  expect(lines(client)).toEqual([
    'sent http POST /oauth/token 1',
    'answered http POST /oauth/token 1 200 OK',
    'sent grpc ListTools 1',
    'answered grpc ListTools 1 OK',
    'sent grpc ExecuteTool 1',
    'answered grpc ExecuteTool 1 OK',
    'sent http GET /proxy/me?page=2 1',
    'answered http GET /proxy/me?page=2 1 404 Not Found',
  ]);
  for (const { phase, durationMs } of client.events) {
    if (phase === 'sent') expect(durationMs).toBeUndefined();
    else expect(durationMs).toBeGreaterThan(0);
  }
  expect(secretsIn(client, server)).toEqual([]);
});

it('counts the attempts of a read', async () => {
  const server = await scriptedServer({ gateway: grpcStatus(Code.Unavailable) });
  const client = clientOf(server.origin);
  await failureOf(reads.ListTools(client));
  expect(lines(client).slice(2)).toEqual([
    'sent grpc ListTools 1',
    'failed grpc ListTools 1 Unavailable: scripted',
    'sent grpc ListTools 2',
    'failed grpc ListTools 2 Unavailable: scripted',
    'sent grpc ListTools 3',
    'failed grpc ListTools 3 Unavailable: scripted',
  ]);
});

it('shows both attempts and both tokens of a call that Scalekit refused', async () => {
  const server = await scriptedServer({ proxy: refusedByScalekit(401, 16, 'no') });
  const client = clientOf(server.origin);
  await bytesOf(await client.request(get('/me')));
  expect(lines(client).filter((line) => !line.startsWith('sent'))).toEqual([
    'answered http POST /oauth/token 1 200 OK',
    'answered http GET /proxy/me 1 401 Unauthorized',
    'answered http POST /oauth/token 1 200 OK',
    'answered http GET /proxy/me 2 401 Unauthorized',
  ]);
  expect(secretsIn(client, server)).toEqual([]);
});

it.each([
  [
    'a refused sign-in',
    json(401, { error: 'invalid_client' }),
    'answered http POST /oauth/token 1 401 Unauthorized',
  ],
  ['a broken one', hangUp, /^failed http POST \/oauth\/token 1 cannot reach .*: the connection was reset$/],
])('shows %s', async (_, token, line) => {
  const server = await scriptedServer({ token });
  const client = clientOf(server.origin);
  await failureOf(reads.ListTools(client));
  expect(lines(client)).toEqual(['sent http POST /oauth/token 1', expect.stringMatching(line)]);
  expect(JSON.stringify(client.events)).not.toContain(CLIENT_SECRET);
});

it('shows a broken proxied call', async () => {
  const server = await scriptedServer({ proxy: hangUp });
  const client = clientOf(server.origin);
  await failureOf(client.request(post('/pay', '{}')));
  expect(lines(client).at(-1)).toMatch(
    /^failed http POST \/proxy\/pay 1 cannot reach .*: the connection was reset$/,
  );
});

it('masks what is secret in the URLs and headers of a proxied call, both ways', async () => {
  const headers = {
    'set-cookie': 'sid=cookie-in-answer; Path=/',
    'x-auth-token': 'header-in-answer',
    location: 'https://a.example/?access_token=location-in-answer#id_token=fragment-in-answer',
  };
  const server = await scriptedServer({ proxy: json(302, {}, headers) });
  const client = clientOf(server.origin);
  const call = get('/me?api_key=query-in-call&page=2', {
    headers: [
      ['X-Api-Key', 'header-in-call'],
      ['Cookie', 'sid=cookie-in-call'],
      ['X-Trace', 'shown'],
    ],
  });
  await bytesOf(await client.request(call));
  expect(server.attempts.at(-1)?.url).toContain('query-in-call');
  const secrets = [
    'query-in-call',
    'header-in-call',
    'cookie-in-call',
    'cookie-in-answer',
    'header-in-answer',
    'location-in-answer',
    'fragment-in-answer',
  ];
  expect(secretsIn(client, server, ...secrets)).toEqual([]);
  const [sent, answered] = client.events.slice(-2);
  expect(sent?.call).toContain('/proxy/me?api_key=***&page=2');
  expect(sent?.headers).toContainEqual(['x-trace', 'shown']);
  expect(answered?.headers).toContainEqual(['x-auth-token', '***']);
});

it('hands no secret out with an error', async () => {
  const server = await scriptedServer({ tools: { listTools: () => ({}) }, proxy: hangUp });
  const client = clientOf(server.origin);
  await reads.ListTools(client);
  for (const failure of [
    await failureOf(client.request(get('/me'))),
    await failureOf(executeTool(client)),
    await failureOf(clientOf(server.origin, { clientId: 'other' }).request(get('/me'))),
  ]) {
    const { message, hint, details } = failure as { message: string; hint: string; details: unknown };
    const text = JSON.stringify({ message, hint, details });
    for (const secret of [CLIENT_SECRET, ...server.issued]) expect(text).not.toContain(secret);
  }
});

import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { ProxyCall } from '../../src/scalekit/proxy-input.ts';
import { bytesOf, clientOf, failureOf, get } from './client.ts';
import { answering, answerOf, rawServer, requestOf } from './raw-server.ts';
import { CLIENT_SECRET } from './scripted-server.ts';

const streamed = (length?: number) => ({
  open: () => Readable.from([Buffer.from('streamed')]),
  isRepeatable: true,
  ...(length === undefined ? {} : { length }),
});

const calls: [what: string, call: Partial<ProxyCall> & { path: string }][] = [
  ['a GET', { path: '/me' }],
  ['a query, spaces, what is not ASCII', { path: '/caf\u00e9 au lait?q=a+b%20c&q=2&e=\u00e9 ' }],
  [
    'headers, repeated ones',
    {
      path: 'x',
      headers: [
        ['X-A', '1'],
        ['Accept', 'text/csv'],
        ['x-a', '2'],
        ['Cookie', 'a=b'],
      ],
    },
  ],
  ['a HEAD', { path: '/', method: 'HEAD' }],
  ['a POST of nothing', { path: '/', method: 'POST' }],
  [
    'a POST of text',
    {
      path: '/',
      method: 'POST',
      body: Buffer.from('{"a":1}'),
      headers: [['content-type', 'application/json']],
    },
  ],
  ['a PUT of a file', { path: '/', method: 'PUT', body: streamed(8) }],
  ['a POST of stdin', { path: '/', method: 'POST', body: { ...streamed(), isRepeatable: false } }],
  ['a DELETE with a body', { path: '/', method: 'DELETE', body: streamed() }],
  ['a method of its own', { path: '/', method: 'PURGE' }],
  ['no compression', { path: '/', headers: [['accept-encoding', 'identity']] }],
];

it.each(calls)('a request is described as it leaves: %s', async (_, { path, ...overrides }) => {
  const call = get(path, overrides);
  const server = await rawServer(answering(answerOf('200 OK', call.method === 'HEAD' ? '' : 'done')));
  const client = clientOf(server.origin);
  const described = await client.describe(call);
  expect([server.connections, server.signIns(), client.events]).toEqual([[], 0, []]);

  await bytesOf(await client.request(call));
  const [connection] = server.connections;
  const sent = connection && requestOf(connection);
  const { method, target, url, headers } = described;
  expect(`${method} ${target} HTTP/1.1`).toBe(sent?.line);
  expect(headers.map(([name, value]) => `${name}: ${value}`)).toEqual(
    sent?.headers.map((header) => header.replace(/^(authorization: Bearer ).*/i, '$1***')),
  );
  expect(headers.map(([name]) => name.toLowerCase())).toContain('authorization');
  expect(url).toBe(`${server.origin}/proxy${path.startsWith('/') ? '' : '/'}${path.replaceAll(' ', '%20')}`);
});

it('no body is opened for it', async () => {
  let opened = 0;
  const body = {
    open: () => {
      opened++;
      return Readable.from(['x']);
    },
    isRepeatable: false,
  };
  await clientOf('http://127.0.0.1:9').describe(get('/', { method: 'POST', body }));
  expect(opened).toBe(0);
});

it.each(['http://nowhere.invalid', 'https://nowhere.invalid', 'http://127.0.0.1:9'])(
  'nobody is asked: %s may be out of reach',
  async (envUrl) => {
    const { headers } = await clientOf(envUrl).describe(get('/me'));
    expect(headers).toContainEqual(['Host', new URL(envUrl).host]);
    expect(JSON.stringify(headers)).not.toContain(CLIENT_SECRET);
  },
);

it('the token that was fetched already is not told', async () => {
  const server = await rawServer(answering(answerOf('200 OK')));
  const client = clientOf(server.origin);
  await bytesOf(await client.request(get('/')));
  const { headers } = await client.describe(get('/'));
  expect(headers).toContainEqual(['authorization', 'Bearer ***']);
});

it('what must not be sent is refused', async () => {
  const described = clientOf('http://127.0.0.1:9').describe(get('/../oauth/token'));
  expect(await failureOf(described)).toMatchObject({ kind: 'usage', code: 'bad_path' });
});

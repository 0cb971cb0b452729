import type { ServerResponse } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gatewayMessage } from '../../src/scalekit/answered-by.ts';
import { bytesOf, clientOf, get } from './client.ts';
import { scriptedServer } from './scripted-server.ts';

const OFF = 'proxy not enabled for provider';
const GATEWAY = JSON.stringify({
  code: 9,
  message: OFF,
  details: [{ '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo' }],
});
const JSON_TYPE = 'application/json';
const TEXT = 'text/plain; charset=utf-8';

type Case = [what: string, status: number, contentType: string | undefined, body: string | Buffer];

async function answer([, status, contentType, body]: Case, headers: Record<string, string> = {}) {
  const server = await scriptedServer({
    proxy: (response) => {
      if (contentType !== undefined) response.setHeader('content-type', contentType);
      response.writeHead(status, headers).end(body);
    },
  });
  const response = await clientOf(server.origin).request(get('/me'));
  return { ...response, bytes: await bytesOf(response) };
}

describe('that the proxy is off is Scalekit’s answer', () => {
  const cases: Case[] = [
    ['as its gateway writes it', 400, JSON_TYPE, GATEWAY],
    ['as text', 403, TEXT, OFF],
    ['as text, with a line break', 400, 'text/plain', `${OFF}\n`],
    ['as text, with its name behind it', 400, TEXT, `Proxy not enabled for provider: GITHUB`],
    ['of no declared type', 404, undefined, OFF],
    ['as an error', 400, JSON_TYPE, `{"error":"${OFF}"}`],
    ['as a message', 403, JSON_TYPE, `{"code":403,"message":"${OFF}"}`],
    ['as a JSON string', 400, JSON_TYPE, `"${OFF}"`],
    ['as JSON that says it is text', 400, TEXT, `{"error":"${OFF}"}`],
  ];

  it.each(cases)('%s (%i)', async (...each) => {
    const { answeredBy, bytes } = await answer(each);
    expect(answeredBy).toBe('scalekit');
    expect(bytes.toString()).toBe(String(each[3]));
    expect(gatewayMessage(bytes)).toMatch(/^proxy not enabled for provider/i);
  });

  it.each([
    ['gzip', gzipSync(GATEWAY)],
    ['br', brotliCompressSync(GATEWAY)],
    ['gzip', gzipSync(`{"error":"${OFF}"}`)],
  ])('compressed: %s', async (encoding, body) => {
    const { answeredBy } = await answer(['', 400, JSON_TYPE, body], { 'content-encoding': encoding });
    expect(answeredBy).toBe('scalekit');
  });
});

describe('the provider’s answer it is', () => {
  const cases: Case[] = [
    ['in the midst of other words', 400, TEXT, `Error: ${OFF}`],
    ['in a field of another name', 400, JSON_TYPE, `{"detail":"${OFF}"}`],
    ['in a page', 403, 'text/html', OFF],
    ['with much behind it', 400, TEXT, `${OFF} ${'x'.repeat(300)}`],
    ['with a status of 500', 500, TEXT, OFF],
    ['with a status of 500, in JSON', 502, JSON_TYPE, `{"error":"${OFF}"}`],
    ['with a status of 200', 200, JSON_TYPE, `{"error":"${OFF}"}`],
    ['without words', 400, JSON_TYPE, '{"error":{}}'],
    ['that is null', 400, JSON_TYPE, 'null'],
    ['that is a number', 400, JSON_TYPE, '7'],
    ['that is nothing', 400, undefined, ''],
    ['a gateway’s that says it is text', 401, TEXT, GATEWAY.replace(OFF, 'token is invalid')],
  ];

  it.each(cases)('%s (%i)', async (...each) => {
    const { answeredBy, bytes } = await answer(each);
    expect(answeredBy).toBe('provider');
    expect(bytes.toString()).toBe(String(each[3]));
  });

  it('as soon as it is more than a short text: it is passed on as it comes', async () => {
    let stream: ServerResponse | undefined;
    const server = await scriptedServer({
      proxy: (response) => {
        stream = response;
        response.writeHead(404, { 'content-type': 'text/plain' }).write('x'.repeat(300));
      },
    });
    const response = await clientOf(server.origin).request(get('/me'));
    expect(response.answeredBy).toBe('provider');
    stream?.end('y');
    expect((await bytesOf(response)).toString()).toBe(`${'x'.repeat(300)}y`);
  });

  it('to a HEAD, which has no words', async () => {
    const server = await scriptedServer({
      proxy: (response) => response.writeHead(403, { 'content-type': JSON_TYPE }).end(),
    });
    const response = await clientOf(server.origin).request(get('/', { method: 'HEAD' }));
    expect(response.answeredBy).toBe('provider');
  });
});

it.each([
  [GATEWAY, OFF],
  [OFF, OFF],
  [` ${OFF}\n`, OFF],
  [`{"message":"${OFF}"}`, OFF],
  ['{"message":"Bad credentials"}', undefined],
  ['', undefined],
])('the words of %s', (body, words) => {
  expect(gatewayMessage(Buffer.from(body))).toBe(words);
});

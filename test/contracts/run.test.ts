import { describe, expect, it } from 'vitest';
import { runContract } from '../../src/contracts/run.ts';
import { SkConnectError } from '../../src/errors.ts';
import type { Answer } from '../commands/support/http.ts';
import { contractOf, lastRequest, outputFor, runWith, served } from './support/served.ts';

const ok: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
};

describe('the call', () => {
  const input_schema = {
    type: 'object',
    properties: {
      id: { type: 'string' },
      tags: { type: 'array', items: { type: 'string' } },
      limit: { type: 'integer', default: 10 },
      note: { type: 'string' },
      filter: { type: 'object' },
    },
  };

  it('has what the input fills, and not what was left out', async () => {
    const provider = await served({ '/v1/items/a%2Fb': ok });
    await runWith(
      provider,
      {
        input_schema,
        request: {
          method: 'PUT',
          path: '/v1/items/{{id}}',
          query: {
            tag: '{{tags}}',
            limit: '{{limit}}',
            note: '{{note}}',
            fixed: ['1', true, null],
            text: 'x{{limit}} & y',
          },
          headers: { 'X-Limit': '{{limit}}', 'X-Note': 'n:{{note}}' },
          body: { filter: '{{filter}}', note: '{{note}}', list: ['{{id}}', '{{note}}'] },
        },
      },
      { id: 'a/b', tags: ['one', 'two 2'], filter: { deep: [1, null] } },
    );
    const { method, url, headers, body } = lastRequest(provider) ?? {};
    expect(method).toBe('PUT');
    expect(url).toBe('/v1/items/a%2Fb?tag=one&tag=two%202&limit=10&fixed=1&fixed=true&text=x10%20%26%20y');
    expect(headers).toMatchObject({ 'x-limit': '10', 'content-type': 'application/json' });
    expect(headers).not.toHaveProperty('x-note');
    expect(body?.toString()).toBe('{"filter":{"deep":[1,null]},"list":["a/b"]}');
  });

  it.each<[string, object, object]>([
    ['GET', {}, { method: 'GET', body: '', type: undefined }],
    [
      'POST where there is a body',
      { body: { a: 1 } },
      { method: 'POST', body: '{"a":1}', type: 'application/json' },
    ],
    ['POST where the body was left out', { body: '{{note}}' }, { method: 'POST', body: '', type: undefined }],
    [
      'a text as it is',
      { body: 'a: {{limit}}\n' },
      { method: 'POST', body: 'a: 10\n', type: 'text/plain; charset=utf-8' },
    ],
    [
      'a type of its own',
      { body: '<a/>', headers: { 'Content-Type': 'application/xml' } },
      { method: 'POST', body: '<a/>', type: 'application/xml' },
    ],
    [
      'JSON of another type',
      { body: { a: 1 }, headers: { 'content-type': 'application/vnd.api+json' } },
      { method: 'POST', body: '{"a":1}', type: 'application/vnd.api+json' },
    ],
    [
      'a form',
      {
        body: { a: 'x&y=z', n: '{{limit}}', l: ['1', '2'], gone: '{{note}}' },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      { method: 'POST', body: 'a=x%26y%3Dz&n=10&l=1&l=2', type: 'application/x-www-form-urlencoded' },
    ],
    ['a value alone', { body: false }, { method: 'POST', body: 'false', type: 'application/json' }],
    ['another method', { method: 'DELETE' }, { method: 'DELETE', body: '', type: undefined }],
  ])('%s', async (_what, request, expected) => {
    const provider = await served({ '/thing': ok });
    await runWith(provider, { input_schema, request: { path: '/thing', ...request } });
    const { method, headers, body } = lastRequest(provider) ?? {};
    expect({ method, body: body?.toString(), type: headers?.['content-type'] }).toEqual(expected);
  });

  it.each<[string, object, object, string]>([
    ['a path that leaves its place', { path: '/a/{{id}}/b' }, { id: '..' }, 'holds a “.” or “..” segment'],
    ['a path with a hole', { path: '/a/{{id}}/b' }, { id: '' }, 'id is needed: it is part of the path'],
    ['an object in the query', { path: '/a', query: { f: '{{filter}}' } }, { filter: {} }, 'f is an object'],
    [
      'a header with a line break',
      { path: '/a', headers: { 'X-A': '{{id}}' } },
      { id: 'a\r\nX-B: c' },
      'the control character U+000D',
    ],
    [
      'an object in a form',
      {
        path: '/a',
        body: { f: '{{filter}}' },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      { filter: {} },
      'f is an object',
    ],
  ])('refused is %s, and nothing is sent', async (_what, request, input, message) => {
    const provider = await served();
    await expect(
      runWith(provider, { input_schema, request: { path: '/', ...request } }, { ...input }),
    ).rejects.toMatchObject({
      name: 'ToolFailure',
      code: 'invalid_input',
      message: expect.stringContaining(message),
    });
    expect(provider.rest.received).toEqual([]);
    expect(provider.asked).toEqual([]);
  });
});

describe('whose account', () => {
  const asks = { type: 'object', properties: { identifier: { type: 'string' } }, required: ['identifier'] };

  it.each<[string, object, object, object, string]>([
    ["the caller's", {}, {}, { connectionName: 'rest', identifier: 'user_1' }, 'rest/user_1'],
    [
      "the contract's connection",
      { connection: 'own' },
      {},
      { connectionName: 'rest', identifier: 'user_1' },
      'own/user_1',
    ],
    [
      "the caller's, written out",
      { identifier: '{{identifier}}' },
      {},
      { connectionName: 'rest', identifier: 'user_1' },
      'rest/user_1',
    ],
    [
      'a prefix of it',
      { identifier: 'app-{{identifier}}' },
      {},
      { connectionName: 'rest', identifier: '1' },
      'rest/app-1',
    ],
    [
      'what no schema has, no input says',
      { identifier: '{{identifier}}' },
      { identifier: 'user_2' },
      { connectionName: 'rest', identifier: 'user_1' },
      'rest/user_1',
    ],
  ])('%s', async (_what, request, input, caller, expected) => {
    const provider = await served({ '/thing': ok });
    const contract = contractOf({ request: { path: '/thing', ...request } });
    await runContract(contract, { ...input }, { host: provider.host, ...caller });
    expect(provider.asked).toEqual([expected]);
  });

  it('as the page writes it: an input, which the caller fills or the input has', async () => {
    const provider = await served({ '/thing': ok });
    const contract = contractOf({
      input_schema: asks,
      request: { path: '/thing', connection: 'rest', identifier: '{{identifier}}' },
    });
    await runContract(contract, {}, { host: provider.host, identifier: 'user_1' });
    await runContract(contract, { identifier: 'user_2' }, { host: provider.host });
    expect(provider.asked).toEqual(['rest/user_1', 'rest/user_2']);
    await expect(
      runContract(contract, { identifier: 'user_2' }, { host: provider.host, identifier: 'user_1' }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(runContract(contract, {}, { host: provider.host })).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'the input does not fit tool: identifier is required',
    });
    expect(provider.rest.received).toHaveLength(2);
  });

  it.each<[object, string]>([
    [{ identifier: 'user_1' }, 'tool needs to be told the connection it is called for'],
    [{ connectionName: 'rest' }, 'tool needs to be told the identifier it is called for'],
  ])('%j is not enough', async (caller, message) => {
    const { host } = await served();
    await expect(runContract(contractOf({}), {}, { host, ...caller })).rejects.toThrow(message);
  });

  it('what the host says of it passes through, and nothing is sent', async () => {
    const provider = await served();
    const refusal = new SkConnectError('account', 'is EXPIRED');
    const host = { ...provider.host, requireActive: () => Promise.reject(refusal) };
    await expect(runWith({ host }, {})).rejects.toBe(refusal);
    expect(provider.rest.received).toEqual([]);
  });
});

describe('the input', () => {
  const input_schema = {
    type: 'object',
    properties: { n: { type: 'integer', minimum: 1 }, day: { type: 'string', format: 'date' } },
    required: ['n'],
    additionalProperties: false,
  };

  it('is held against the schema, all of it', async () => {
    const { host, asked } = await served();
    await expect(runWith({ host }, { input_schema }, { n: 0, day: 'monday', more: 1 })).rejects.toMatchObject(
      {
        code: 'invalid_input',
        message:
          'the input does not fit tool: more is not known to the tool; n must be >= 1, not 0; day must match format "date", not "monday"',
        violations: [{ path: '/more' }, { path: '/n' }, { path: '/day' }],
      },
    );
    expect(asked).toEqual([]);
  });

  it('is trusted where the caller has looked', async () => {
    const provider = await served({ '/thing': ok });
    const context = {
      host: provider.host,
      connectionName: 'rest',
      identifier: 'user_1',
      isInputTrusted: true,
    };
    await runContract(contractOf({ input_schema }), {}, context);
    expect(provider.rest.received).toHaveLength(1);
  });
});

describe('the output', () => {
  it.each<[string, object, string, string]>([
    [
      'the answer, where nothing is said',
      {},
      '{ "a" : 9007199254740993,\n "b":1.10 }',
      '{"a":9007199254740993,"b":1.10}',
    ],
    ['one value', { output: '.a' }, '{"a": "x"}', '"x"'],
    [
      'integers as they came',
      { output: '{id, ids: [.ids[]]}' },
      '{"id":9007199254740993,"ids":[12345678901234567890]}',
      '{"id":9007199254740993,"ids":[12345678901234567890]}',
    ],
    ['null', { output: '.missing' }, '{}', 'null'],
    ['false', { output: '.ok' }, '{"ok":false}', 'false'],
    ['what fail_when lets through', { output: '.a', fail_when: '.error' }, '{"a":1,"error":null}', '1'],
    ['the answer, past fail_when', { fail_when: '.ok == false' }, '{"ok":true}', '{"ok":true}'],
    ['past a fail_when that gives nothing', { fail_when: '.errors[]?' }, '{"a":1}', '{"a":1}'],
    [
      'with comments in it',
      { output: '.a # the a', fail_when: 'false # never', error: '.e # e' },
      '{"a":1}',
      '1',
    ],
    ['with a list in it', { output: '[.[] | .n]' }, '[{"n":1},{"n":2}]', '[1,2]'],
    ['with line breaks in texts', { output: '.a' }, '{"a":"x\\ny"}', '"x\\ny"'],
  ])('%s', async (_what, parts, body, expected) => {
    expect(await outputFor(parts, body)).toEqual({ output: expected, violations: [] });
  });

  it.each<[string, string | Uint8Array, object, string]>([
    ['nothing', '', { status: 204, type: null }, 'null'],
    ['an empty body', '', {}, 'null'],
    ['text', 'plain\ntext', { type: 'text/plain' }, '"plain\\ntext"'],
    ['text that is a number', '123', { type: 'text/plain' }, '"123"'],
    ['JSON that is called text', '{"a":1}', { type: 'text/javascript' }, '{"a":1}'],
    ['text that begins like JSON', '[draft] hello', { type: 'text/plain' }, '"[draft] hello"'],
    ['JSON of no declared type', '[1]', { type: null }, '[1]'],
    ['text of no declared type', 'ok', { type: null }, '"ok"'],
    ['JSON of a vendor', '{"a":1}', { type: 'application/vnd.api+json' }, '{"a":1}'],
    ['a byte order mark', '\uFEFF{"a":1}', {}, '{"a":1}'],
    ['Latin-1', Buffer.from('é', 'latin1'), { type: 'text/plain; charset=iso-8859-1' }, '"é"'],
  ])('of %s', async (_what, body, answer, expected) => {
    expect((await outputFor({}, body, answer)).output).toBe(expected);
    expect((await outputFor({ output: '.' }, body, answer)).output).toBe(expected);
  });

  it.each<[string, object, string | Uint8Array, object, string]>([
    [
      'bytes',
      {},
      Buffer.from([0, 255, 254]),
      { type: 'image/png' },
      'the provider answered 200 OK with a body image/png, no text',
    ],
    ['JSON that is none', {}, '{"a":', {}, 'the provider answered 200 OK with a body that is no JSON'],
    [
      'what the expression cannot read',
      { output: '.a.b' },
      '{"a":"text"}',
      {},
      'tool cannot read the answer: its output failed: Cannot index string with',
    ],
    [
      'what fail_when cannot read',
      { fail_when: '.a.b' },
      '{"a":"text"}',
      {},
      'its fail_when failed: Cannot index string',
    ],
    [
      'what error cannot read',
      { fail_when: 'true', error: '.a.b' },
      '{"a":"text"}',
      {},
      'its error failed: Cannot index string',
    ],
    ['no value', { output: 'empty' }, '{}', {}, 'its output failed: it gives nothing'],
    [
      'several values',
      { output: '.[]' },
      '[1,2]',
      {},
      'its output failed: it gives 2 values: put them into [ ]',
    ],
    ['an error of its own', { output: 'error("no such luck")' }, '{}', {}, 'its output failed: no such luck'],
  ])('there is none of %s', async (_what, parts, body, answer, message) => {
    await expect(outputFor(parts, body, answer)).rejects.toMatchObject({
      name: 'ToolFailure',
      code: 'bad_answer',
      message: expect.stringContaining(message),
    });
  });

  it('that does not fit its schema is told, and given', async () => {
    const output_schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n', 'm'] };
    expect(await outputFor({ output_schema }, '{"n":"x"}')).toEqual({
      output: '{"n":"x"}',
      violations: [
        { path: '/m', message: 'is required' },
        { path: '/n', message: 'must be integer, not "x"' },
      ],
    });
    expect((await outputFor({ output_schema }, '{"n":1,"m":2}')).violations).toEqual([]);
  });
});

describe('a tool error', () => {
  it.each<[string, object, string, string]>([
    [
      'with its message',
      { fail_when: '.ok == false', error: '"Slack error: " + .error' },
      '{"ok":false,"error":"channel_not_found"}',
      'Slack error: channel_not_found',
    ],
    [
      "with the answer's own words",
      { fail_when: '.ok == false' },
      '{"ok":false,"error":"channel_not_found","secret":"x"}',
      'channel_not_found',
    ],
    [
      'with the expression that tells it',
      { fail_when: '.code != 0' },
      '{"code":7}',
      'the answer is an error: .code != 0',
    ],
    [
      'with a message that gives nothing',
      { fail_when: '.failed', error: '.why' },
      '{"failed":1,"message":"told elsewhere"}',
      'told elsewhere',
    ],
    [
      'with several messages',
      { fail_when: '.errors | length > 0', error: '.errors[].m' },
      '{"errors":[{"m":"one"},{"m":"two"}]}',
      'one; two',
    ],
    ['with a message that is no text', { fail_when: '.e', error: '.e' }, '{"e":{"n":1}}', '{"n":1}'],
    [
      'on one line, its control characters visible',
      { fail_when: '.e', error: '.e' },
      '{"e":"a\\nb\\u001b[31m"}',
      'a b␛[31m',
    ],
    ['by any value that is true', { fail_when: '.all[]', error: '"yes"' }, '{"all":[null,false,0]}', 'yes'],
  ])('%s', async (_what, parts, body, message) => {
    await expect(outputFor({ output: '.data', ...parts }, body)).rejects.toMatchObject({
      name: 'ToolFailure',
      code: 'tool_error',
      message,
    });
  });

  it('is short', async () => {
    const failure = outputFor({ fail_when: 'true', error: '.' }, JSON.stringify('x'.repeat(10_000)));
    await expect(failure).rejects.toSatisfy((error: Error) => error.message.length <= 300);
  });
});

describe("the provider's refusal", () => {
  it.each<[number, string, string, string]>([
    [
      404,
      'application/json',
      '{"message":"Not Found","documentation_url":"https://docs.example/x"}',
      'the provider answered 404 Not Found',
    ],
    [
      422,
      'application/json',
      '{"errors":[{"field":"title","code":"missing_field"}],"debug":{"sql":"select"}}',
      'the provider answered 422 Unprocessable Entity: missing_field (title)',
    ],
    [
      500,
      'text/html',
      '<html><head><title>Oops</title></head><body>stack trace</body></html>',
      'the provider answered 500 Internal Server Error: Oops',
    ],
    [403, 'application/json', '', 'the provider answered 403 Forbidden'],
    [302, 'text/html', 'moved', 'the provider answered 302 Found, and redirects are not followed'],
  ])('%i %s', async (status, type, body, message) => {
    await expect(outputFor({ output: '.' }, body, { status, type })).rejects.toMatchObject({
      name: 'ToolFailure',
      code: 'provider_error',
      httpStatus: status,
      message,
    });
  });
});

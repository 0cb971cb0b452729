import type { ScalekitClient } from '@scalekit-sdk/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEnvironment } from '../../commands/support/environment.ts';
import type { Answer } from '../../commands/support/http.ts';
import { appClient, toolErrorOf, toolsWith } from './support/client.ts';

const environment = useEnvironment();
let client: ScalekitClient;
beforeAll(() => {
  client = appClient(environment);
});

async function errorFor(answer: Answer) {
  environment.rest.at('/at', answer);
  const tools = await toolsWith(client, { request: {} });
  return toolErrorOf(tools.call('tool', {}, { identifier: 'user_1' }));
}

const PAYLOAD = { error: { message: 'no such thing', internal: 'trace of the provider', token: 'abc' } };

describe("a provider's error", () => {
  it.each([400, 401, 402, 403, 404, 405, 409, 410, 413, 418, 422, 429, 500, 501, 502, 503, 504, 507])(
    '%i keeps its status and its words, whatever the exception says, and nothing else',
    async (status) => {
      const error = await errorFor((_request, response) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(PAYLOAD));
      });
      expect(error).toMatchObject({ code: 'provider_error', toolName: 'tool', httpStatus: status });
      expect(error.message).toMatch(new RegExp(`^the provider answered ${status} .*: no such thing$`));
      expect(error.cause).toBeUndefined();
      expect(Object.keys(error).toSorted()).toEqual(
        ['code', 'connectionName', 'hint', 'httpStatus', 'name', 'toolName'].toSorted(),
      );
    },
  );

  it.each([
    [
      'a reason phrase of its own',
      599,
      'Whatever',
      { message: 'broken' },
      'the provider answered with an error: broken',
    ],
    [
      'words that say nothing beside it',
      599,
      'Whatever',
      { a: 1 },
      'the provider answered with an error: Whatever',
    ],
  ])('with %s has no status that could be told', async (_what, status, reason, body, message) => {
    const error = await errorFor((_request, response) => {
      response.writeHead(status, reason, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    expect(error).toMatchObject({ code: 'provider_error', httpStatus: undefined, message });
  });

  it.each<[string, string, string, string]>([
    ['text', 'text/plain', 'Too busy\nat line 5 of secret.py', 'Too busy'],
    ['a page', 'text/html', '<html><title>Maintenance</title><body>lots</body></html>', 'Maintenance'],
    [
      'what echoes a credential',
      'application/json',
      '{"message":"bad token Bearer abcdefghijklmnop"}',
      'bad token Bearer ***',
    ],
    ['control characters', 'application/json', '{"message":"a\\u001b[31mb"}', 'a␛[31mb'],
  ])('that is %s', async (_what, type, body, words) => {
    const error = await errorFor((_request, response) => {
      response.writeHead(503, { 'content-type': type }).end(body);
    });
    expect(error.message).toBe(`the provider answered 503 Service Unavailable: ${words}`);
  });

  it('of many pages of text is none of them', async () => {
    const error = await errorFor((_request, response) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end('stack '.repeat(5000));
    });
    expect(error.message).toBe('the provider answered 500 Internal Server Error');
  });
});

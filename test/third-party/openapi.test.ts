import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import addFormats from 'ajv-formats';
import { type Document, OpenAPIBackend } from 'openapi-backend';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { folders } from '../commands/run.ts';
import { serve, type TestServer } from '../commands/support/http.ts';
import { connect, type Provider } from './support/provider.ts';

vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 });
const require = createRequire(import.meta.url);
const TOKEN = 'petstore-token-0123';

/** openapi-backend decides and answers by the published contract; all that is here is its documented set-up. */
async function startPetstore(): Promise<TestServer> {
  const api = new OpenAPIBackend({
    definition: require('@readme/oas-examples/3.0/json/petstore.json') as Document,
    ajvOpts: { strict: false },
    customizeAjv: (ajv) => addFormats.default(ajv),
    handlers: {
      validationFail: (context) => ({ status: 400, body: { errors: context.validation.errors } }),
      unauthorizedHandler: () => ({ status: 401, body: { message: 'no such token' } }),
      notFound: () => ({ status: 404, body: { message: 'no such path' } }),
      methodNotAllowed: () => ({ status: 405, body: { message: 'no such method' } }),
      notImplemented: (context) => {
        const { status, mock } = context.api.mockResponseForOperation(context.operation.operationId ?? '');
        return { status, body: mock as unknown };
      },
    },
  });
  api.registerSecurityHandler(
    'petstore_auth',
    ({ request }) => request.headers['authorization'] === `Bearer ${TOKEN}`,
  );
  api.registerSecurityHandler('api_key', ({ request }) => request.headers['api_key'] === TOKEN);
  await api.init();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { status, body } = (await api.handleRequest({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body: await text(request),
    })) as { status: number; body: unknown };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  return serve((request, response) => void answer(request, response));
}

let server: TestServer;
let provider: Provider;
beforeAll(async () => {
  server = await startPetstore();
  provider = await connect(server.origin, { type: 'BEARER' }, { token: TOKEN }, { token: 'another-token' });
});
afterAll(async () => {
  await provider.sandbox.close();
  await server.close();
});

const PET = '{"name":"doggie","photoUrls":["https://example.com/p.png"]}';

describe('the published petstore contract', () => {
  it.each([
    [
      'a list of values in the query',
      ['/pet/findByStatus', '-q', 'status=available', '-q', 'status=sold'],
      200,
    ],
    ['a path parameter', ['/pet/{petId}', '--path', 'petId=9007199254740991'], 401],
    [
      'JSON as typed',
      ['/store/order', '-d', '{"petId":5,"quantity":1,"shipDate":"2026-01-02T03:04:05Z"}'],
      200,
    ],
    ['JSON from fields', ['/store/order', '-F', 'petId=5', '-F', 'quantity=1', '-F', 'complete=true'], 200],
    [
      'nested fields',
      ['PUT', '/pet', '-f', 'name=a', '-f', 'photoUrls[]=b', '-f', 'tags[][name]=c', '-F', 'tags[][id]=1'],
      400,
    ],
    ['a body that the contract has no success for', ['/pet', '-d', PET], 405],
  ])('%s', async (_what, argv, status) => {
    const result = await provider.request([...argv, '--expect-status', String(status)]);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each([
    [
      'a value that is not in the list',
      ['/pet/findByStatus', '-q', 'status=lost'],
      'must be equal to one of the allowed values',
    ],
    ['a parameter of another type', ['/store/order/abc'], 'must be integer'],
    ['a property that is missing', ['/pet', '-f', 'name=doggie'], "must have required property 'photoUrls'"],
    ['a text where a number belongs: -f for -F', ['/store/order', '-f', 'petId=5'], 'must be integer'],
  ])('%s: its 400 in one line', async (_what, argv, message) => {
    const result = await provider.request(argv);
    expect(result.exitCode).toBe(5);
    expect(JSON.parse(result.stdout)).toMatchObject({ errors: [{ message }] });
    const [line] = result.stderr.split('\n');
    expect(line).toMatch(/^error: the provider answered 400 Bad Request/);
    expect(line).toContain(message);
  });

  it('the wrong token: its 401 is the provider’s', async () => {
    const result = await provider.requestAsStranger(['/pet', '-d', PET, '--json']);
    expect(result.exitCode).toBe(5);
    expect(result.error()).toMatchObject({ code: 'provider_error', httpStatus: 401 });
    expect(result.error().message).toContain('no such token');
  });

  it('what it answers fits the schema it publishes', async () => {
    const { components } = require('@readme/oas-examples/3.0/json/petstore.json') as {
      components: { schemas: { Order: object } };
    };
    await writeFile(join(folders.cwd, 'order.json'), JSON.stringify(components.schemas.Order));
    const result = await provider.request([
      '/store/order',
      '-F',
      'petId=5',
      '--expect',
      '.status == "placed"',
      '--expect-schema',
      'order.json',
    ]);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

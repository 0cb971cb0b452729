import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { serve, type TestServer } from '../commands/support/http.ts';
import { bridgeTo } from '../corpus/support/bridge.ts';
import { shell } from './support/program.ts';

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });
const require = createRequire(import.meta.url);
const TOKEN = 'third-party-token-0123';

/** https://github.com/typicode/json-server 0.17: what of it is used here; it has no types. */
interface JsonServer {
  create(): RequestListener & { use(handler: unknown): void };
  defaults(options: { logger: boolean }): unknown;
  router(data: object): unknown;
}

type Next = () => void;

async function startJsonServer(): Promise<TestServer> {
  const jsonServer = require('json-server') as JsonServer;
  const app = jsonServer.create();
  app.use((request: IncomingMessage, response: ServerResponse, next: Next) => {
    if (request.headers['x-api-key'] === TOKEN) next();
    else response.writeHead(401).end('no key');
  });
  app.use(jsonServer.defaults({ logger: false }));
  app.use(
    jsonServer.router({
      posts: Array.from({ length: 25 }, (_, id) => ({ id: id + 1, title: `Post ${id + 1}` })),
    }),
  );
  return serve(app);
}

const everythingServer = {
  name: 'everything',
  packageName: '@modelcontextprotocol/server-everything',
  args: ['stdio'],
};

let sandbox: Sandbox;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const [rest, everything] = await Promise.all([startJsonServer(), bridgeTo(everythingServer)]);
  sandbox = await startSandbox({
    config: {
      connectors: [
        {
          display_name: 'Json Server',
          proxy_url: rest.origin,
          proxy_enabled: true,
          auth_patterns: [{ type: 'API_KEY', auth_header_key_override: 'X-Api-Key' }],
        },
        {
          display_name: 'Everything',
          proxy_url: everything.url,
          proxy_enabled: true,
          auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }],
        },
      ],
      connections: [
        { name: 'posts', connector: 'json-server' },
        { name: 'everything', connector: 'everything' },
      ],
    },
  });
  closing.push(
    () => sandbox.close(),
    () => rest.close(),
    () => everything.close(),
  );
});
afterAll(async () => {
  for (const close of closing) await close();
});

const USER = { SCALEKIT_IDENTIFIER: 'user_1' };
const onPosts = (line: string) =>
  shell(line, { env: { ...sandbox.env, ...USER, SCALEKIT_CONNECTION_NAME: 'posts' } });
const onEverything = (line: string) =>
  shell(line, { env: { ...sandbox.env, ...USER, SCALEKIT_CONNECTION_NAME: 'everything' } });

describe('json-server behind an API key', () => {
  it('authorize, read, page, write, delete', async () => {
    const wrong = await onPosts(`echo '{"api_key": "wrong-key"}' | sk-connect authorize --credentials -`);
    expect(wrong.code).toBe(0);
    const refused = await onPosts('sk-connect request /posts');
    expect(refused).toMatchObject({ code: 5, stdout: 'no key' });
    expect(refused.stderr).toContain('sk-connect authorize -c posts -i user_1 --force');
    const right = await onPosts(`echo '{"api_key": "${TOKEN}"}' | sk-connect authorize --credentials -`);
    expect(right).toMatchObject({ code: 0, stderr: '' });

    const page = await onPosts('sk-connect request /posts -q _page=2 -q _limit=5 --include');
    expect(page.stdout).toMatch(/\nX-Total-Count: 25\n/i);
    expect(page.stdout).toMatch(/\nLink: <http.*rel="next"/i);
    expect(page.stdout).toContain('"title": "Post 6"');

    const created = await onPosts(
      `sk-connect request /posts -d '{"title": "Mine, é"}' --json --jq '.status, .body.title'`,
    );
    expect(created).toMatchObject({ code: 0, stdout: '201\n"Mine, é"\n' });
    const patched = await onPosts(`sk-connect request PATCH /posts/26 -d '{"draft": true}' --jq .`);
    expect(JSON.parse(patched.stdout)).toEqual({ id: 26, title: 'Mine, é', draft: true });
    expect((await onPosts('sk-connect request DELETE /posts/26')).code).toBe(0);
    const gone = await onPosts('sk-connect request /posts/26');
    expect(gone).toMatchObject({ code: 5, stdout: '{}' });
    expect(gone.stderr).toContain('error: the provider answered 404 Not Found\n');
  });
});

describe('the MCP reference server', () => {
  it('its tools are listed with their schemas, and executed', async () => {
    expect(await onEverything('sk-connect authorize')).toMatchObject({ code: 0, stderr: '' });
    const listed = await onEverything('sk-connect tools list | cut -f1');
    expect(listed.code).toBe(0);
    const names = listed.stdout.trim().split('\n');
    expect(names).toContain('c-everything_echo');
    const sum = names.find((name) => /(get-sum|_add)$/.test(name));
    expect(sum).toBeDefined();

    const echo = await onEverything(
      `sk-connect tools exec c-everything_echo -p 'message=007 "quoted"' --jq '.data.content[0].text'`,
    );
    expect(echo.code).toBe(0);
    expect(echo.stdout).toContain('007 \\"quoted\\"');
    const added = await onEverything(
      `sk-connect tools exec ${sum} -p a=19 -p b=23 --jq '.data.content[0].text'`,
    );
    expect(added.stdout).toContain('42');
    const wrong = await onEverything(`sk-connect tools exec ${sum} -p a=nineteen`);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('a must be number, not "nineteen"');
    expect(wrong.stderr).toContain('b is required');
    const near = await onEverything('sk-connect tools exec c-everything_ehco');
    expect(near.stderr).toContain('Did you mean c-everything_echo');
  });
});

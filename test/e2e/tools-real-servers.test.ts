import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, type SandboxConfig, startSandbox } from '../../src/sandbox/start.ts';
import { addSecret } from '../commands/secrets.ts';
import { type RestApi, restApi } from '../commands/support/http.ts';
import { type Bridge, bridgeTo } from '../corpus/support/bridge.ts';
import { startHttpServer } from '../corpus/support/http-server.ts';
import { servers, toolsOf } from '../corpus/support/servers.ts';
import { statelessFront } from '../corpus/support/stateless-front.ts';
import { childEnv, folders, PROGRAM, shell } from './support/program.ts';

vi.setConfig({ testTimeout: 40_000, hookTimeout: 60_000 });
const BEARER = { notion: 'token-of-notion-0123456789', gitlab: 'token-of-gitlab-0123456789' } as const;
type Name = 'everything' | 'notion' | 'gitlab' | 'playwright' | 'filesystem' | 'memory';

let folder: string;
let api: RestApi;
let files: Bridge;
let sandbox: Sandbox;
let urls: Record<Name, string>;
/** As they are: each of the four wants sessions. */
let stateful: Partial<Record<Name, string>>;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sk-connect-real-servers-'));
  closing.push(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'files'));
  await writeFile(join(folder, 'files', 'réport.txt'), 'quarterly');
  api = await restApi();
  closing.push(() => api.close());
  for (const token of Object.values(BEARER)) addSecret('a token of an MCP server', token);
  urls = await startServers();
  sandbox = await startSandbox({ config: configOf(urls) });
  closing.push(() => sandbox.close());
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

const published = (name: string) => {
  const server = servers.find((each) => each.name === name);
  if (server === undefined) throw new Error(`there is no ${name}`);
  return server;
};

/** Four serve streamable HTTP themselves, with sessions; what they call in turn is an API of ours. Two speak stdio alone. */
async function startServers(): Promise<Record<Name, string>> {
  const [gitlab, notion, memory] = [published('gitlab'), published('notion'), published('memory')];
  const http = await Promise.all([
    startHttpServer({ ...published('everything'), args: ['streamableHttp'], env: { PORT: 'PORT' } }),
    startHttpServer({
      ...notion,
      args: ['--transport', 'http', '--port', 'PORT', '--host', 'localhost', '--auth-token', BEARER.notion],
      env: { ...notion.env, BASE_URL: api.origin },
    }),
    startHttpServer({
      ...gitlab,
      env: {
        ...gitlab.env,
        GITLAB_API_URL: `${api.origin}/api/v4`,
        STREAMABLE_HTTP: 'true',
        STREAMABLE_HTTP_AUTH_TOKEN: BEARER.gitlab,
        HOST: 'localhost',
        PORT: 'PORT',
      },
    }),
    startHttpServer({ ...published('playwright'), args: ['--headless', '--port', 'PORT'] }),
  ]);
  closing.push(...http.map((server) => () => server.close()));
  files = await bridgeTo({ ...published('filesystem'), args: [join(folder, 'files')] });
  const graph = await bridgeTo({ ...memory, env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') } });
  closing.push(
    () => files.close(),
    () => graph.close(),
  );
  const [everything = '', notionUrl = '', gitlabUrl = '', playwright = ''] = http.map(({ url }) => url);
  stateful = { everything, notion: notionUrl, gitlab: gitlabUrl, playwright };
  const fronted = async (url: string) => {
    const front = await statelessFront(url);
    closing.push(() => front.close());
    return front.url;
  };
  return {
    everything: await fronted(everything),
    notion: await fronted(notionUrl),
    gitlab: await fronted(gitlabUrl),
    playwright: await fronted(playwright),
    filesystem: files.url,
    memory: graph.url,
  };
}

function configOf(urls: Partial<Record<Name, string>>): SandboxConfig {
  const token = (name: string) => BEARER[name as keyof typeof BEARER] as string | undefined;
  const names = Object.keys(urls) as Name[];
  return {
    connectors: names.map((name) => ({
      display_name: name,
      proxy_url: urls[name] ?? '',
      proxy_enabled: true,
      auth_patterns: [{ type: token(name) === undefined ? 'NO_AUTH' : 'BEARER', is_mcp: true }],
    })),
    connections: names.map((name) => ({ name, connector: name })),
    accounts: names.map((connection) => {
      const credential = token(connection);
      const account = { connection, identifier: 'user_1', status: 'ACTIVE' as const };
      return credential === undefined ? account : { ...account, credentials: { token: credential } };
    }),
  };
}

const run = (line: string, connection?: string, { env } = sandbox) =>
  shell(line, {
    env: {
      ...env,
      SCALEKIT_IDENTIFIER: 'user_1',
      ...(connection === undefined ? {} : { SCALEKIT_CONNECTION_NAME: connection }),
    },
  });

const names: readonly Name[] = ['everything', 'notion', 'gitlab', 'playwright', 'filesystem', 'memory'];

/** As the official client sees them; some servers offer other tools over HTTP than over stdio. */
async function toolsAt(name: Name): Promise<Tool[]> {
  const token = BEARER[name as keyof typeof BEARER] as string | undefined;
  const client = new Client({ name: 'sk-connect-tests', version: '1.0.0' });
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(new URL(urls[name]), { requestInit: { headers } });
  await client.connect(transport);
  try {
    return await toolsOf(client);
  } finally {
    await client.close();
  }
}

it.each(names)(
  '%s: its tools are listed, for a model too, locked, and found by a name that is near',
  async (name) => {
    const own = await toolsAt(name);
    const listed = await run('sk-connect tools list | cut -f1', name);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    const expected = own.map((tool) => `c-${name}_${tool.name}`).toSorted();
    expect(listed.stdout.trim().split('\n').toSorted()).toEqual(expected);

    const defined = await run('sk-connect tools list --format anthropic --quiet', name);
    const definitions = JSON.parse(defined.stdout) as { name: string; input_schema: unknown }[];
    const schemas = new Map(definitions.map((each) => [each.name, each.input_schema]));
    for (const tool of own) expect(schemas.get(`c-${name}_${tool.name}`)).toEqual(tool.inputSchema);

    const locked = await run(`sk-connect tools lock --file ${name}.lock.json`, name);
    expect(locked.code, locked.stderr).toBe(0);
    const checked = await run(`sk-connect tools lock --check --file ${name}.lock.json`, name);
    expect(checked).toMatchObject({ code: 0, stdout: '' });
    expect(checked.stderr).toContain('No changes');

    const near = await run(`sk-connect tools show ${expected[0]}x`, name);
    expect(near.code).toBe(2);
    expect(near.stderr).toContain(`Did you mean ${expected[0]}`);
  },
);

it("a server that needs a session is told of as Scalekit's limit", async () => {
  const strict = await startSandbox({ config: configOf(stateful) });
  try {
    for (const name of Object.keys(stateful)) {
      const listed = await run('sk-connect tools list', name, strict);
      expect(listed).toMatchObject({ code: 5, stdout: '' });
      expect(listed.stderr).toContain('Scalekit connects to stateless MCP servers only');
    }
  } finally {
    await strict.close();
  }
});

describe('tools exec', () => {
  const json = (document: object) => (_request: unknown, response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));

  it('everything: a text', async () => {
    const echoed = await run(`sk-connect tools exec c-everything_echo -p 'message=007 — "é"'`, 'everything');
    expect(echoed.code, echoed.stderr).toBe(0);
    expect(echoed.stdout).toContain('007 — ');
  });

  it('gitlab: a read that reaches the API behind it, with its own token', async () => {
    api.at('/api/v4/projects/7', json({ id: 7, name: 'Rocket', path_with_namespace: 'space/rocket' }));
    const got = await run(
      `sk-connect tools exec c-gitlab_get_project -p project_id=7 --json --jq '.data.content[0].text | fromjson | .name'`,
      'gitlab',
    );
    expect(got, got.stderr).toMatchObject({ code: 0, stdout: '"Rocket"\n' });
    expect(api.received.at(-1)?.headers.authorization).toBe('Bearer x');
  });

  it('gitlab: input that does not fit reaches nobody', async () => {
    const before = api.received.length;
    const wrong = await run(
      'sk-connect tools exec c-gitlab_list_issues -p project_id=7 -p state=opend -p per_page=many',
      'gitlab',
    );
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/state must be one of .*"opened".*, not "opend"/);
    expect(wrong.stderr).toMatch(/per_page must be .*not "many"/);
    expect(api.received).toHaveLength(before);
  });

  it('notion: nested input, typed by its schema', async () => {
    api.at('/v1/pages', json({ object: 'page', id: 'new' }));
    const id = '123e4567-e89b-42d3-a456-426614174000';
    const made = await run(
      `sk-connect tools exec c-notion_API-post-page -p parent.page_id=${id} -p 'properties={"title":[{"text":{"content":"Hi"}}]}' --yes`,
      'notion',
    );
    expect(made.code, made.stderr).toBe(0);
    expect(JSON.parse(String(api.received.at(-1)?.body))).toMatchObject({ parent: { page_id: id } });
  });

  it('notion: what the API refuses comes back as the tool gives it', async () => {
    const refused = await run(
      'sk-connect tools exec c-notion_API-retrieve-a-page -p page_id=123e4567-e89b-42d3-a456-426614174000',
      'notion',
    );
    expect(refused.stdout + refused.stderr).toContain('no such path');
  });

  it('filesystem: a file, and the refusal of one outside its folder', async () => {
    const path = join(folder, 'files', 'réport.txt');
    const read = await run(
      `sk-connect tools exec c-filesystem_read_text_file -p 'path=${path}'`,
      'filesystem',
    );
    expect(read.code, read.stderr).toBe(0);
    expect(read.stdout).toContain('quarterly');
    const outside = await run(
      'sk-connect tools exec c-filesystem_read_text_file -p path=/etc/hostname',
      'filesystem',
    );
    expect(outside.code).toBe(5);
    expect(outside.stderr).toMatch(/denied|outside/i);
  });

  it('memory: a list of objects, written and read again', async () => {
    const entities = '[{"name":"Ada","entityType":"person","observations":["likes €"]}]';
    const written = await run(
      `sk-connect tools exec c-memory_create_entities -p 'entities=${entities}' --yes`,
      'memory',
    );
    expect(written.code, written.stderr).toBe(0);
    const graph = await run(
      `sk-connect tools exec c-memory_read_graph --json --jq '.data.structuredContent.entities[0].observations[0]' -r`,
      'memory',
    );
    expect(graph, graph.stderr).toMatchObject({ code: 0, stdout: 'likes €\n' });
  });
});

it('tools serve offers a server’s tools to the official client as they are', async () => {
  const client = new Client({ name: 'sk-connect-tests', version: '1.0.0' });
  const args = [PROGRAM, 'tools', 'serve', '-c', 'filesystem', '-i', 'user_1'];
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args,
      env: childEnv(sandbox.env),
      cwd: folders.cwd,
      stderr: 'ignore',
    }),
  );
  try {
    const described = (tools: Tool[], prefix = '') =>
      tools
        .map(({ name, description, inputSchema, outputSchema }) => ({
          name: prefix + name,
          description,
          inputSchema,
          outputSchema,
        }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(described(await toolsOf(client))).toEqual(described(await toolsAt('filesystem'), 'c-filesystem_'));
    const path = join(folder, 'files', 'réport.txt');
    const read = await client.callTool({ name: 'c-filesystem_read_text_file', arguments: { path } });
    expect(read).toMatchObject({ content: [{ type: 'text', text: 'quarterly' }] });
    const wrong = await client.callTool({ name: 'c-filesystem_read_text_file', arguments: { path: 7 } });
    expect(wrong).toMatchObject({ isError: true });
  } finally {
    await client.close();
  }
});

describe('tools lock, all connections together', () => {
  it('tells what a server changed, and breaks where it breaks', async () => {
    expect((await run('sk-connect tools lock --file all.lock.json')).code).toBe(0);
    const lockfile = JSON.parse(await readFile(join(folders.cwd, 'all.lock.json'), 'utf8')) as {
      connections: object;
    };
    expect(Object.keys(lockfile.connections)).toEqual(names.toSorted());

    files.change = (tools) =>
      tools
        .filter(({ name }) => name !== 'move_file')
        .map((tool) =>
          tool.name === 'read_text_file'
            ? { ...tool, inputSchema: { ...tool.inputSchema, required: ['path', 'head'] } }
            : tool,
        );
    try {
      // The sandbox asks a server again after some seconds.
      await vi.waitFor(
        async () => {
          const checked = await run('sk-connect tools lock --check --file all.lock.json');
          expect(checked.code, checked.stderr).toBe(1);
          expect(checked.stdout).toMatch(/c-filesystem_move_file.*removed/);
          expect(checked.stdout).toMatch(/c-filesystem_read_text_file.*input\.head/);
          expect(checked.stdout.trim().split('\n')).toHaveLength(2);
        },
        { timeout: 20_000, interval: 500 },
      );
      const allowed = await run(
        'sk-connect tools lock --check --file all.lock.json --allow removed-tool --allow c-filesystem_read_text_file',
      );
      expect(allowed.code, allowed.stderr).toBe(0);
    } finally {
      files.change = (tools) => tools;
    }
  });
});

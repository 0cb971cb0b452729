import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';

/** A published MCP server. */
export interface PublishedServer {
  name: string;
  packageName: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** None of them asks the network for its tools, nor whether the tokens are any. */
export const servers: readonly PublishedServer[] = [
  {
    name: 'gitlab',
    packageName: '@zereight/mcp-gitlab',
    env: {
      GITLAB_PERSONAL_ACCESS_TOKEN: 'x',
      USE_PIPELINE: 'true',
      USE_MILESTONE: 'true',
      USE_GITLAB_WIKI: 'true',
      // It would ask the registry whether it is the newest.
      GITLAB_DISABLE_VERSION_CHECK: 'true',
    },
  },
  { name: 'notion', packageName: '@notionhq/notion-mcp-server', env: { NOTION_TOKEN: 'x' } },
  { name: 'filesystem', packageName: '@modelcontextprotocol/server-filesystem', args: [tmpdir()] },
  { name: 'memory', packageName: '@modelcontextprotocol/server-memory' },
  { name: 'everything', packageName: '@modelcontextprotocol/server-everything' },
  { name: 'hubspot', packageName: '@hubspot/mcp-server', env: { PRIVATE_APP_ACCESS_TOKEN: 'x' } },
  { name: 'airtable', packageName: 'airtable-mcp-server', env: { AIRTABLE_API_KEY: 'x' } },
  { name: 'playwright', packageName: '@playwright/mcp' },
];

const modules = new URL('../../../node_modules/', import.meta.url);

export interface Manifest {
  version: string;
  bin: string | Record<string, string>;
}

export function manifestOf({ packageName }: Pick<PublishedServer, 'packageName'>): Manifest {
  return JSON.parse(readFileSync(new URL(`${packageName}/package.json`, modules), 'utf8')) as Manifest;
}

/** The file that `npx` would run. */
export function programOf(server: Pick<PublishedServer, 'packageName'>): string {
  const { bin } = manifestOf(server);
  const path = typeof bin === 'string' ? bin : Object.values(bin)[0];
  return fileURLToPath(new URL(`${server.packageName}/${path}`, modules));
}

/** What a server's process is given: nothing of this one's environment that it could find a real account in. */
export function environmentOf({ env = {} }: Pick<PublishedServer, 'env'>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...env };
}

/** The server as a child process, spoken to with the official client. */
export async function connectTo(server: PublishedServer): Promise<Client> {
  const client = new Client({ name: 'sk-connect-tests', version: '1.0.0' });
  const args = [programOf(server), ...(server.args ?? [])];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args,
    env: environmentOf(server),
    stderr: 'ignore',
  });
  await client.connect(transport);
  return client;
}

export async function toolsOf(client: Pick<Client, 'listTools'>): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}

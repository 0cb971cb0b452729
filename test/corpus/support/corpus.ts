import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../../../src/json/object.ts';
import type { ListedTool } from '../../../src/tools/toolbox.ts';
import { connectTo, manifestOf, servers, toolsOf } from './servers.ts';

export interface CorpusTool {
  /** `gitlab get_issue` */
  title: string;
  serverName: string;
  tool: Tool;
  inputSchema: JsonObject;
  listed: ListedTool;
}

/** Beside what is installed: the same packages have the same tools. */
const cacheFolder = fileURLToPath(
  new URL('../../../node_modules/.cache/sk-connect-corpus/', import.meta.url),
);

/** The tools of published MCP servers, started once for all test files. */
export async function corpus(): Promise<CorpusTool[]> {
  const versions = servers.map((server) => [server, manifestOf(server).version]);
  const hash = createHash('sha256').update(JSON.stringify(versions)).digest('hex').slice(0, 16);
  const lists = await listedOnce(`${cacheFolder}${hash}`);
  return lists.flatMap((tools, index) => tools.map((tool) => corpusTool(servers[index]?.name ?? '', tool)));
}

/** The first test file that asks starts the servers; the others wait for what it writes. */
async function listedOnce(path: string): Promise<Tool[][]> {
  await mkdir(cacheFolder, { recursive: true });
  for (let waits = 0; ; waits++) {
    const cached = await readFile(`${path}.json`, 'utf8').catch(() => undefined);
    if (cached !== undefined) return JSON.parse(cached) as Tool[][];
    const isFirst = await mkdir(`${path}.lock`).then(
      () => true,
      () => false,
    );
    // One that was ended meanwhile never writes.
    if (isFirst || waits > MOST_WAITS) break;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  try {
    const lists = await listAll();
    await keep(`${path}.json`, lists);
    return lists;
  } finally {
    await rm(`${path}.lock`, { recursive: true, force: true });
  }
}

const WAIT_MS = 100;
const MOST_WAITS = 150;

async function listAll(): Promise<Tool[][]> {
  return Promise.all(
    servers.map(async (server) => {
      const client = await connectTo(server);
      try {
        return await toolsOf(client);
      } finally {
        await client.close();
      }
    }),
  );
}

/** Whole or not at all: other test files read it meanwhile. */
async function keep(file: string, lists: Tool[][]): Promise<void> {
  await writeFile(`${file}.${process.pid}`, JSON.stringify(lists));
  await rename(`${file}.${process.pid}`, file);
}

function corpusTool(serverName: string, tool: Tool): CorpusTool {
  const inputSchema: JsonObject = tool.inputSchema;
  return {
    title: `${serverName} ${tool.name}`,
    serverName,
    tool,
    inputSchema,
    listed: listedTool(serverName, tool),
  };
}

/** As Scalekit would list it. */
function listedTool(serverName: string, tool: Tool): ListedTool {
  return {
    name: tool.name,
    displayName: tool.title ?? null,
    description: tool.description ?? null,
    provider: serverName,
    connectionName: serverName,
    connectedAccountId: null,
    source: 'mcp',
    inputSchema: tool.inputSchema,
    outputSchema: tool.outputSchema ?? null,
    tags: [],
    readOnly: tool.annotations?.readOnlyHint ?? null,
    scopes: null,
  };
}

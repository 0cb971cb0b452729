import { isJsonObject, type JsonObject } from '../json/object.ts';
import { allPages, type Page } from './pages.ts';
import type { CoreClient, GrpcConnect } from './sdk.ts';
import { loadToolsSdk } from './sdk.ts';

/** A tool as its definition describes it, with the account that may call it where the listing says so. */
export interface Tool {
  name: string;
  displayName: string | null;
  description: string | null;
  provider: string;
  connectedAccountId: string | null;
  /** `mcp`: found on a custom MCP connection, whose tools are named `c-<connection>_<tool>`. */
  source: 'builtin' | 'mcp';
  inputSchema: JsonObject | null;
  outputSchema: JsonObject | null;
  tags: string[];
  /** Whether it changes nothing; null where the definition does not say. */
  readOnly: boolean | null;
  /** The OAuth scopes it needs; null where the definition does not say. */
  scopes: string[] | null;
}

export interface ScopedToolFilter {
  connectionNames?: string[];
  providers?: string[];
  toolNames?: string[];
}

export interface CatalogFilter {
  provider?: string;
  query?: string;
  toolName?: string[];
}

export interface ToolCall {
  toolName: string;
  connectionName: string;
  identifier: string;
  input: JsonObject;
}

export interface ToolResult {
  data: JsonObject;
  executionId: string;
}

export interface Tools {
  /** What this user may call. */
  scoped(identifier: string, filter: ScopedToolFilter): AsyncGenerator<Page<Tool>>;
  /** What could be made available to this user. */
  available(identifier: string): AsyncGenerator<Page<Tool>>;
  /** The workspace's tools. */
  catalog(filter: CatalogFilter): AsyncGenerator<Page<Tool>>;
  /** Sent exactly once. */
  execute(call: ToolCall): Promise<ToolResult>;
}

const PAGE_SIZE = 100;

export async function createTools(grpc: GrpcConnect, core: CoreClient): Promise<Tools> {
  const { ToolsClient } = await loadToolsSdk();
  const client = new ToolsClient(grpc, core);
  return {
    scoped: (identifier, filter) =>
      allPages(async (pageToken) => {
        const answer = await client.listScopedTools(identifier, { filter, pageSize: PAGE_SIZE, pageToken });
        return {
          ...answer,
          items: answer.tools.map(({ tool, connectedAccountId }) => toTool(tool, connectedAccountId)),
        };
      }),
    available: (identifier) =>
      allPages(async (pageToken) => {
        const answer = await client.listAvailableTools(identifier, { pageSize: PAGE_SIZE, pageToken });
        return { ...answer, items: answer.tools.map((tool) => toTool(tool)) };
      }),
    catalog: (filter) =>
      allPages(async (pageToken) => {
        const answer = await client.listTools({ filter, pageSize: PAGE_SIZE, pageToken });
        return { ...answer, items: answer.tools.map((tool) => toTool(tool)) };
      }),
    execute: async ({ toolName, connectionName, identifier, input }) => {
      const answer = await client.executeTool({
        toolName,
        connector: connectionName,
        identifier,
        params: input,
      });
      return { data: answer.data ?? {}, executionId: answer.executionId };
    },
  };
}

interface ToolMessage {
  provider: string;
  definition?: JsonObject | undefined;
  tags: string[];
}

function toTool(tool: ToolMessage | undefined, connectedAccountId?: string): Tool {
  const definition = tool?.definition ?? {};
  const name = text(definition['name']) ?? '';
  return {
    name,
    displayName: text(definition['display_name']),
    description: text(definition['description']),
    provider: tool?.provider || (text(definition['provider']) ?? ''),
    connectedAccountId: connectedAccountId || null,
    source: /^c-.+_/.test(name) ? 'mcp' : 'builtin',
    inputSchema: object(definition['input_schema']),
    outputSchema: object(definition['output_schema']),
    tags: tool?.tags ?? [],
    readOnly: readOnlyHint(definition),
    scopes: texts(definition['scopes']),
  };
}

/** MCP's ToolAnnotations, in its own spelling or in that of Scalekit's definitions. */
function readOnlyHint(definition: JsonObject): boolean | null {
  const annotations = object(definition['annotations']) ?? {};
  const hint = annotations['readOnlyHint'] ?? annotations['read_only_hint'];
  return typeof hint === 'boolean' ? hint : null;
}

function texts(value: unknown): string[] | null {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function object(value: unknown): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

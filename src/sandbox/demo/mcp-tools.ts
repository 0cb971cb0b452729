import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { searchDocs } from './docs-search.ts';

/** The output as structured content, and as text for clients that know no other. */
function structured(output: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(output) }], structuredContent: output };
}

function registerSearchDocs(server: McpServer): void {
  const result = z.object({ title: z.string(), url: z.string(), excerpt: z.string() });
  server.registerTool(
    'search_docs',
    {
      title: 'Search the documentation',
      description: 'Finds pages of the demo documentation, best match first.',
      inputSchema: {
        query: z.string().min(1).describe('Words to look for'),
        limit: z.number().int().min(1).max(20).default(5).describe('How many pages at most'),
      },
      outputSchema: { results: z.array(result), total: z.number().int() },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ query, limit }) => {
      const found = searchDocs(query);
      return structured({ results: found.slice(0, limit), total: found.length });
    },
  );
}

function registerAdd(server: McpServer): void {
  server.registerTool(
    'add',
    {
      title: 'Add two numbers',
      description: 'Returns the sum of two numbers.',
      inputSchema: { a: z.number().describe('First number'), b: z.number().describe('Second number') },
      outputSchema: { sum: z.number() },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ a, b }) => structured({ sum: a + b }),
  );
}

function registerSendMessage(server: McpServer): void {
  server.registerTool(
    'send_message',
    {
      title: 'Send a message',
      description: 'Pretends to post a message to a channel.',
      inputSchema: {
        channel: z.string().min(1).describe('Where to post, for example #general'),
        text: z.string().min(1).describe('What to post'),
      },
      outputSchema: { message_id: z.string(), channel: z.string() },
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: true,
      },
    },
    ({ channel }) => structured({ message_id: `msg_${randomUUID()}`, channel }),
  );
}

function registerFail(server: McpServer): void {
  server.registerTool(
    'fail',
    {
      title: 'Fail',
      description: 'Always answers with an error, to see how errors come through.',
      inputSchema: { message: z.string().min(1).optional().describe('The error message to answer with') },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ message = 'This tool always fails.' }) => ({
      content: [{ type: 'text', text: message }],
      isError: true,
    }),
  );
}

/** A new MCP server with the demo's tools: `search_docs`, `add`, `send_message`, `fail`. */
export function createDocsServer(): McpServer {
  const server = new McpServer({ name: 'demo-docs', version: '1.0.0' });
  registerSearchDocs(server);
  registerAdd(server);
  registerSendMessage(server);
  registerFail(server);
  return server;
}

import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { ConnectorDefinition } from '../../../src/sandbox/start.ts';
import type { CallTool } from './mcp.ts';

export const FILLERS = 230;

/** More than two pages of tools, and some to execute. */
export const testTools: Tool[] = [
  {
    name: 'echo',
    title: 'Echo',
    description: 'Gives back what it was given.\nOn two lines.',
    inputSchema: {
      type: 'object',
      properties: {
        id: { type: 'string', description: 'A text' },
        count: { type: 'integer', minimum: 1 },
        ratio: { type: 'number' },
        flag: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'string' } },
        numbers: { type: 'array', items: { type: 'integer' } },
        nested: { type: 'object', properties: { deep: { type: 'string' } } },
        kind: { enum: ['plain', 'fancy', 3] },
        maybe: { type: ['string', 'null'] },
        loose: { type: ['integer', 'string'] },
        either: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
        day: { type: 'string', format: 'date' },
        anything: {},
      },
      required: ['id'],
      additionalProperties: false,
    },
    outputSchema: { type: 'object', properties: { received: { type: 'object' } }, required: ['received'] },
  },
  { name: 'fail', description: 'Always fails.', inputSchema: { type: 'object' } },
  {
    name: 'broken',
    description: 'Its schema is none.',
    inputSchema: { type: 'object', properties: { a: { type: 'nonsense' } } },
  },
  ...Array.from({ length: FILLERS }, (_, index) => ({
    name: `filler_${String(index).padStart(3, '0')}`,
    description: `Filler number ${index}. ${'It does nothing at all. '.repeat(10)}`,
    inputSchema: { type: 'object' as const, required: ['first', 'second'] },
  })),
];

export const callTestTool: CallTool = (name, input) => {
  if (name === 'fail') return { isError: true, content: [{ type: 'text', text: 'the printer is on fire' }] };
  return { content: [{ type: 'text', text: 'done' }], structuredContent: { received: input } };
};

/** What is at this MCP endpoint, as the connector `test-tools`. */
export const toolsConnector = (url: string): ConnectorDefinition => ({
  display_name: 'Test Tools',
  proxy_url: url,
  proxy_enabled: true,
  auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }],
});

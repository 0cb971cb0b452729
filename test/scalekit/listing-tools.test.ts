import { describe, expect, it } from 'vitest';
import { gather, type Page } from '../../src/scalekit/pages.ts';
import { clientOf } from './client.ts';
import { scriptedServer } from './scripted-server.ts';

async function items<T>(pages: AsyncIterable<Page<T>>): Promise<T[]> {
  return (await gather(pages)).items;
}

describe('tools', () => {
  const definition = {
    name: 'c-crm_send',
    display_name: 'Send',
    description: 'Sends it',
    input_schema: { type: 'object', properties: { to: { type: 'string' } } },
    output_schema: { type: 'object' },
    annotations: { read_only_hint: true },
    scopes: ['crm.write', 7],
  };
  const bare = {
    displayName: null,
    description: null,
    connectedAccountId: null,
    source: 'builtin',
    inputSchema: null,
    outputSchema: null,
    tags: [],
    readOnly: null,
    scopes: null,
  };

  it('come as their definitions describe them, with the account that may call them', async () => {
    const server = await scriptedServer({
      tools: {
        listScopedTools: () => ({
          tools: [
            { connectedAccountId: 'ca_1', tool: { provider: 'CRM', definition, tags: ['a'] } },
            {
              tool: {
                definition: {
                  name: 'crm_list',
                  provider: 'FROM_DEFINITION',
                  input_schema: [],
                  description: '',
                  annotations: { readOnlyHint: false },
                },
              },
            },
            {},
          ],
        }),
      },
    });
    const tools = await clientOf(server.origin).tools();
    expect(await items(tools.scoped('user_1', {}))).toEqual([
      {
        name: 'c-crm_send',
        displayName: 'Send',
        description: 'Sends it',
        provider: 'CRM',
        connectedAccountId: 'ca_1',
        source: 'mcp',
        inputSchema: definition.input_schema,
        outputSchema: definition.output_schema,
        tags: ['a'],
        readOnly: true,
        scopes: ['crm.write'],
      },
      { ...bare, name: 'crm_list', provider: 'FROM_DEFINITION', readOnly: false },
      { ...bare, name: '', provider: '' },
    ]);
  });

  it('are asked for with the filters that were given', async () => {
    const asked: unknown[] = [];
    const server = await scriptedServer({
      tools: {
        listScopedTools: ({ identifier, filter }) => {
          const { providers, toolNames, connectionNames } = filter ?? {};
          asked.push({ identifier, providers, toolNames, connectionNames });
          return {};
        },
        listAvailableTools: ({ identifier }) => {
          asked.push({ identifier });
          return {};
        },
        listTools: ({ filter }) => {
          asked.push({ provider: filter?.provider, query: filter?.query, toolName: filter?.toolName });
          return {};
        },
      },
    });
    const tools = await clientOf(server.origin).tools();
    const scoped = { connectionNames: ['crm'], providers: ['P'], toolNames: ['t'] };
    const catalog = { provider: 'P', query: 'send', toolName: ['t'] };
    await items(tools.scoped('日本', scoped));
    await items(tools.available('user_1'));
    await items(tools.catalog(catalog));
    expect(asked).toEqual([{ identifier: '日本', ...scoped }, { identifier: 'user_1' }, catalog]);
  });

  it('of 2,000 come page by page', async () => {
    const server = await scriptedServer({
      tools: {
        listTools: ({ pageToken, pageSize }) => {
          const start = Number(pageToken || 0);
          const tools = Array.from({ length: pageSize }, (_, index) => ({
            definition: { name: `t_${start + index}` },
          }));
          const next = start + pageSize;
          return { tools, totalSize: 2000, nextPageToken: next < 2000 ? String(next) : '' };
        },
      },
    });
    const { items: all, totalSize } = await gather((await clientOf(server.origin).tools()).catalog({}));
    expect(all.map(({ name }) => name)).toEqual(Array.from({ length: 2000 }, (_, index) => `t_${index}`));
    expect(totalSize).toBe(2000);
    expect(server.count('ListTools')).toBe(20);
  });
});

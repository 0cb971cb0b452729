import { create } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { ScopedToolSchema, type Tool, ToolSchema, type ToolService } from '../descriptors.ts';
import { executeMcpTool } from '../mcp/execute.ts';
import { createToolDiscovery } from '../mcp/tools.ts';
import { textAt } from '../state/credential-fields.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { listingScope, type PageTokens } from './pages.ts';
import { catalogueAccounts, executingAccount, scopedAccounts } from './tool-accounts.ts';
import { availableTools, cutPage, type ToolOfAccount, toolsOfAccounts } from './tool-lists.ts';

export function toolService(
  state: SandboxState,
  tokens: PageTokens,
): Partial<ServiceImpl<typeof ToolService>> {
  const discover = createToolDiscovery(state);

  return {
    async listScopedTools({ identifier, filter, pageSize, pageToken }) {
      const { connectionNames = [], providers = [], toolNames = [] } = filter ?? {};
      const accounts = scopedAccounts(state, identifier, connectionNames, providers);
      const tools = await toolsOfAccounts(discover, accounts);
      const scope = listingScope('scoped', [identifier, connectionNames, providers, toolNames]);
      const page = cutPage(tokens, scope, only(tools, toolNames), pageSize, pageToken);
      const scoped = page.tools.map(({ tool, account }) =>
        create(ScopedToolSchema, { tool: tool.message, identifier, connectedAccountId: account.id }),
      );
      return { ...page, tools: scoped };
    },

    async listAvailableTools({ identifier, pageSize, pageToken }) {
      const tools = await availableTools(discover, catalogueAccounts(state, identifier));
      const page = cutPage(tokens, listingScope('available', [identifier]), tools, pageSize, pageToken);
      return { ...page, tools: page.tools.map(({ tool }) => tool.message) };
    },

    async listTools({ filter, pageSize, pageToken }) {
      const {
        provider = '',
        identifier = '',
        toolName = [],
        query = '',
        connector,
        connectedAccountId,
      } = filter ?? {};
      const named = connector || connectedAccountId;
      const tools = named
        ? await toolsOfAccounts(discover, [
            executingAccount(state, { connector, identifier, connectedAccountId }),
          ])
        : await availableTools(discover, catalogueAccounts(state, identifier));
      const matching = only(tools, toolName).filter(
        ({ tool }) => (provider === '' || tool.message.provider === provider) && matches(tool.message, query),
      );
      const scope = listingScope('tools', [provider, identifier, toolName, query, named]);
      const page = cutPage(tokens, scope, matching, pageSize, pageToken);
      const toolNames = page.tools.map(({ tool }) => tool.name);
      const messages = page.tools.map(({ tool }) => tool.message);
      return { ...page, toolNames, tools: filter?.summary ? messages.map(summaryOf) : messages };
    },

    async executeTool({ toolName, params = {}, ...reference }, { signal }) {
      const account = executingAccount(state, reference, toolName);
      return executeMcpTool(state, discover, { account, toolName, input: params, signal });
    },
  };
}

function only(tools: readonly ToolOfAccount[], names: readonly string[]): readonly ToolOfAccount[] {
  return names.length === 0 ? tools : tools.filter(({ tool }) => names.includes(tool.name));
}

function matches({ definition = {} }: Tool, query: string): boolean {
  const text = ['name', 'display_name', 'description'].map((key) => textAt(definition, key)).join('\n');
  return text.toLowerCase().includes(query.toLowerCase());
}

/** Everything but the schemas. */
function summaryOf(tool: Tool): Tool {
  const { input_schema: _input, output_schema: _output, ...definition } = tool.definition ?? {};
  return create(ToolSchema, { ...tool, definition });
}

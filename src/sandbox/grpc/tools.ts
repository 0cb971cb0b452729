import { create } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { ScopedToolSchema, type ToolService } from '../descriptors.ts';
import { exchangeOf } from '../exchanges/record.ts';
import { incomingRequest } from '../exchanges/rpc.ts';
import { createToolDiscovery } from '../mcp/tools.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { executeTool } from '../tools/execute.ts';
import { listingScope, type PageTokens } from './pages.ts';
import { executingAccount, listingAccount, requireIdentifier } from './tool-accounts.ts';
import { pageOfTools } from './tool-pages.ts';
import { catalogue, scopedAccounts, sourceOf, toolsOfAccounts } from './tool-sources.ts';

export function toolService(
  state: SandboxState,
  tokens: PageTokens,
): Partial<ServiceImpl<typeof ToolService>> {
  const discover = createToolDiscovery(state);

  return {
    async listScopedTools({ identifier, filter, pageSize, pageToken }) {
      const { connectionNames = [], providers = [], toolNames: names = [] } = filter ?? {};
      const scope = listingScope('scoped', [identifier, connectionNames, providers, names]);
      const accounts = scopedAccounts(state, identifier, connectionNames, providers);
      const sources = await toolsOfAccounts(discover, accounts, pageToken !== '');
      const page = pageOfTools(tokens, sources, { names }, { scope, pageSize, pageToken });
      const tools = page.tools.map(({ tool, account }) =>
        create(ScopedToolSchema, { tool: tool.message, identifier, connectedAccountId: account?.id ?? '' }),
      );
      return { ...page, tools };
    },

    async listAvailableTools({ identifier, pageSize, pageToken }) {
      requireIdentifier(state, identifier);
      const scope = listingScope('available', [identifier]);
      const isContinued = pageToken !== '';
      const sources = await catalogue(state, discover, { identifier, isOwnOnly: false, isContinued });
      const page = pageOfTools(tokens, sources, {}, { scope, pageSize, pageToken });
      return { ...page, tools: page.tools.map(({ tool }) => tool.message) };
    },

    async listTools({ filter, pageSize, pageToken }) {
      const { provider = '', identifier = '', toolName: names = [], query = '' } = filter ?? {};
      const { connector, connectedAccountId, organizationId, userId, summary = false } = filter ?? {};
      const reference = { connector, identifier, connectedAccountId, organizationId, userId };
      const account = listingAccount(state, reference);
      const isContinued = pageToken !== '';
      const all = account
        ? await sourceOf(discover, account, isContinued)
        : await catalogue(state, discover, { identifier, isOwnOnly: identifier !== '', isContinued });
      const sources = provider === '' ? all : all.filter(({ list }) => list.provider === provider);
      const scope = listingScope('tools', [
        provider,
        identifier,
        names,
        query,
        connector,
        connectedAccountId,
        organizationId,
        userId,
      ]);
      const page = pageOfTools(tokens, sources, { names, query }, { scope, pageSize, pageToken });
      if (summary) return { ...page, tools: [], toolNames: page.tools.map(({ tool }) => tool.name) };
      return { ...page, tools: page.tools.map(({ tool }) => tool.message) };
    },

    async executeTool({ toolName, params: input = {}, ...reference }, { signal, values }) {
      const account = executingAccount(state, reference, toolName);
      const incoming = values.get(incomingRequest);
      const exchange = incoming && exchangeOf(incoming);
      return executeTool(state, discover, { account, toolName, input, signal, exchange });
    },
  };
}

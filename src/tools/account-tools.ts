import { requireActiveAccount } from '../accounts/active.ts';
import { requireAccountKey, requireIdentifier } from '../accounts/select.ts';
import type { App } from '../app.ts';
import { type SkConnectError, usageError } from '../errors.ts';
import type { AccountKey } from '../scalekit/accounts.ts';
import { gather, type Page } from '../scalekit/pages.ts';
import type { Tool, Tools } from '../scalekit/tools.ts';
import { didYouMean } from '../suggest.ts';
import { commandLine } from '../terminal/command-line.ts';
import { JsonText } from '../terminal/terminal.ts';
import type { ListedTool, ToolBox, ToolBoxOptions, ToolFilter } from './toolbox.ts';

/** Scalekit's own tools and those of MCP servers, for the account that the invocation is about. */
export function createAccountTools(app: App, { preflight }: ToolBoxOptions): ToolBox {
  let known: Promise<AccountKey> | undefined;
  const account = () => (known ??= requireAccountKey(app));
  const open = async () => (await app.scalekit()).tools();
  return {
    list: (filter) => listed(app, account, open, filter),
    find: async (name, others = []) => {
      const key = await account();
      const tools = await open();
      // Both at once; of two failures the account's is told, as it explains the other.
      const [active, found] = await Promise.allSettled([
        preflight === false ? undefined : requireActiveAccount(app, key),
        findTool(app, tools, key, { name, others }),
      ]);
      if (active.status === 'rejected') throw active.reason;
      if (found.status === 'rejected') throw found.reason;
      return found.value;
    },
    flags: async () => {
      const { connectionName, identifier } = await account();
      return ['-c', connectionName, '-i', identifier];
    },
    complete: async (_tool, input) => input,
    account: async () => account(),
    request: async () => undefined,
    fileOf: () => undefined,
    execute: async ({ name }, input) => {
      const { data, executionId } = await (await open()).execute({
        toolName: name,
        ...(await account()),
        input,
      });
      return { data: new JsonText(JSON.stringify(data)), executionId, violations: [] };
    },
  };
}

async function* listed(
  app: App,
  account: () => Promise<AccountKey>,
  open: () => Promise<Tools>,
  filter: ToolFilter,
): AsyncGenerator<Page<ListedTool>> {
  const { provider, query, name } = filter;
  if (filter.available && filter.catalog) {
    throw usageError('--available and --catalog contradict each other', 'Leave one of them out.');
  }
  if (filter.catalog) {
    const asked = {
      ...(provider === undefined ? {} : { provider }),
      ...(query === undefined ? {} : { query }),
      ...(name === undefined ? {} : { toolName: name }),
    };
    yield* selected((await open()).catalog(asked), filter, null);
    return;
  }
  if (filter.available) {
    const identifier = await requireIdentifier(app);
    yield* selected((await open()).available(identifier), filter, null);
    return;
  }
  const key = await account();
  const { connectionName, identifier } = key;
  const asked = {
    connectionNames: [connectionName],
    ...(provider === undefined ? {} : { providers: [provider] }),
    ...(name === undefined ? {} : { toolNames: name }),
  };
  const received = yield* selected((await open()).scoped(identifier, asked), filter, connectionName);
  // Scalekit lists no tools for an account that is missing or not ACTIVE, and says nothing of it.
  if (received === 0) await requireActiveAccount(app, key);
}

/** Returns how many came before they were chosen from. */
async function* selected(
  pages: AsyncIterable<Page<Tool>>,
  filter: ToolFilter,
  connectionName: string | null,
): AsyncGenerator<Page<ListedTool>, number> {
  let received = 0;
  for await (const { items, totalSize } of pages) {
    received += items.length;
    const chosen = items.filter((tool) => isSelected(tool, filter));
    yield { items: chosen.map((tool) => ({ ...tool, connectionName })), totalSize };
  }
  return received;
}

/** Not every listing filters by everything: what Scalekit was not asked is asked here, case aside. */
export function isSelected(
  tool: Pick<ListedTool, 'name' | 'displayName' | 'description' | 'provider'>,
  { name, provider, query }: ToolFilter,
): boolean {
  if (name !== undefined && !name.includes(tool.name)) return false;
  if (provider !== undefined && tool.provider.toLowerCase() !== provider.toLowerCase()) return false;
  if (query === undefined) return true;
  const text = `${tool.name} ${tool.displayName ?? ''} ${tool.description ?? ''}`.toLowerCase();
  return text.includes(query.toLowerCase());
}

async function findTool(
  app: App,
  tools: Tools,
  key: AccountKey,
  { name: toolName, others }: { name: string; others: readonly string[] },
): Promise<ListedTool> {
  const { connectionName, identifier } = key;
  const filter = { connectionNames: [connectionName] };
  const { items } = await gather(tools.scoped(identifier, { ...filter, toolNames: [toolName] }));
  const found = items.find(({ name }) => name === toolName);
  if (found !== undefined) return { ...found, connectionName };
  const all = await gather(tools.scoped(identifier, filter));
  // An account that is missing or not ACTIVE has no tools at all, and is the better explanation.
  if (all.items.length === 0) await requireActiveAccount(app, key);
  const names = [...others, ...all.items.map(({ name }) => name)];
  throw unknownTool(app, key, toolName, names);
}

function unknownTool(app: App, key: AccountKey, toolName: string, names: readonly string[]): SkConnectError {
  const list = commandLine(app.options, 'tools', 'list', '-c', key.connectionName, '-i', key.identifier);
  return usageError(
    `${key.identifier} has no tool named ${JSON.stringify(toolName)} on ${key.connectionName}`,
    didYouMean(toolName, names, `See what there is: ${list}`),
    { code: 'tool_not_found' },
  );
}

import type { App } from '../app.ts';
import type { Page } from '../scalekit/pages.ts';
import type { ListedTool, ToolFilter } from './toolbox.ts';

/** Of a user's tools: which of the scopes that a tool declares its account was not granted. */
export interface ScopeCheck {
  /** The pages as they are, once it is known what the accounts of their tools were granted. */
  watch(pages: AsyncIterable<Page<ListedTool>>): AsyncGenerator<Page<ListedTool>>;
  learn(tools: readonly ListedTool[]): Promise<void>;
  /** Undefined where the tool declares nothing, or the environment does not tell what was granted. */
  missing: (tool: ListedTool) => readonly string[] | undefined;
  /** Undefined where the environment does not tell. */
  granted: (tool: ListedTool) => readonly string[] | undefined;
  /** A line for a person, where something is missing. */
  line(): string | undefined;
}

const MOST_NAMED = 3;

export function createScopeCheck(app: App, { available, catalog }: ToolFilter = {}): ScopeCheck {
  // Both list what belongs to nobody's account yet.
  const hasAccount = available !== true && catalog !== true;
  const grantedOn = new Map<string, readonly string[] | undefined>();
  const unable: string[] = [];
  let count = 0;

  const granted = ({ connectionName }: ListedTool) =>
    connectionName === null ? undefined : grantedOn.get(connectionName);
  const missing = (tool: ListedTool) => {
    const had = granted(tool);
    if (had === undefined || tool.scopes === null) return undefined;
    return tool.scopes.filter((scope) => !had.includes(scope));
  };
  const learn = async (tools: readonly ListedTool[]) => {
    for (const tool of tools) {
      const { scopes, connectionName } = tool;
      if (!hasAccount || connectionName === null || scopes === null || scopes.length === 0) continue;
      if (!grantedOn.has(connectionName)) grantedOn.set(connectionName, await grantedScopes(app, tool));
    }
  };
  return {
    granted,
    missing,
    learn,
    watch: async function* (pages) {
      for await (const page of pages) {
        await learn(page.items);
        for (const tool of page.items) {
          if ((missing(tool) ?? []).length === 0) continue;
          count += 1;
          if (unable.length < MOST_NAMED) unable.push(tool.name);
        }
        yield page;
      }
    },
    line: () => {
      if (count === 0) return undefined;
      const rest = count > unable.length ? ` and ${count - unable.length} more` : '';
      const what = count === 1 ? '1 tool needs scopes' : `${count} tools need scopes`;
      return `${what} that the account was not granted: ${unable.join(', ')}${rest}. Request them in the connection and authorize again.`;
    },
  };
}

/** Undefined where it cannot be learned, too: the tools are worth listing without. */
async function grantedScopes(app: App, tool: ListedTool): Promise<readonly string[] | undefined> {
  const { connectedAccountId, connectionName } = tool;
  const identifier = await app.settings.identifier();
  const account =
    connectedAccountId !== null
      ? { connectedAccountId }
      : connectionName !== null && identifier !== undefined
        ? { connectionName, identifier }
        : undefined;
  if (account === undefined) return undefined;
  try {
    const accounts = await (await app.scalekit()).accounts();
    return await accounts.grantedScopes(account);
  } catch {
    app.signal.throwIfAborted();
    return undefined;
  }
}

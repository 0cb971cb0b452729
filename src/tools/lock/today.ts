import { requireIdentifier } from '../../accounts/select.ts';
import type { App } from '../../app.ts';
import { cacheFolder } from '../../config/folders.ts';
import type { Lockfile } from '../../contracts/lockfile.ts';
import { SkConnectError, usageError } from '../../errors.ts';
import { gather } from '../../scalekit/pages.ts';
import { commandLine } from '../../terminal/command-line.ts';
import { createAccountTools } from '../account-tools.ts';
import type { ListedTool } from '../toolbox.ts';

/** The tools of a connection, as they are now. */
export interface TodaysTools {
  provider: string;
  tools: ListedTool[];
}

export interface Selection {
  /** Files with custom tools. */
  contracts?: string[];
  lockfile: Lockfile | undefined;
}

/**
 * By connection: the one that was given; without it those of the lockfile, or where there is none those on which the
 * user has tools. Custom tools stand under theirs, and in place of those of the same name.
 */
export async function todaysTools(
  app: App,
  { contracts = [], lockfile }: Selection,
): Promise<Map<string, TodaysTools>> {
  const chosen = await app.settings.connectionName();
  const custom = await customTools(app, contracts, chosen);
  const found = new Map<string, TodaysTools>();
  for (const name of await accountConnections(app, chosen, lockfile, contracts.length > 0)) {
    found.set(name, await accountTools(app, name));
  }
  const isFound = [...found.values()].some(({ tools }) => tools.length > 0);
  const isSearch = chosen === undefined && lockfile === undefined;
  if (isSearch) for (const [name, { tools }] of found) if (tools.length === 0) found.delete(name);
  if (isSearch && !isFound && contracts.length === 0) throw await noTools(app);
  for (const [name, own] of custom) {
    const { provider = '', tools = [] } = found.get(name) ?? {};
    const names = new Set(own.map((tool) => tool.name));
    found.set(name, { provider, tools: [...own, ...tools.filter((tool) => !names.has(tool.name))] });
  }
  const locked = chosen === undefined ? Object.keys(lockfile?.connections ?? {}) : [];
  for (const name of locked) if (!found.has(name)) found.set(name, { provider: '', tools: [] });
  return found;
}

/** Those whose tools Scalekit is asked for. */
async function accountConnections(
  app: App,
  chosen: string | undefined,
  lockfile: Lockfile | undefined,
  hasContracts: boolean,
): Promise<string[]> {
  if (chosen !== undefined) return [chosen];
  if (lockfile !== undefined) {
    const isServed = ([, { tools, provider }]: [string, Lockfile['connections'][string]]) =>
      provider !== '' ||
      Object.keys(tools).length === 0 ||
      Object.values(tools).some(({ source }) => source !== 'custom');
    return Object.entries(lockfile.connections)
      .filter(isServed)
      .map(([name]) => name);
  }
  // As tools list does it: for custom tools alone no account is asked.
  if (hasContracts) return [];
  const identifier = await requireIdentifier(app);
  const { items } = await gather((await (await app.scalekit()).accounts()).list({ identifier }));
  return items.filter(({ status }) => status === 'ACTIVE').map(({ connectionName }) => connectionName);
}

async function accountTools(app: App, connectionName: string): Promise<TodaysTools> {
  const identifier = await requireIdentifier(app, connectionName);
  const settings = {
    ...app.settings,
    connectionName: async () => connectionName,
    identifier: async () => identifier,
  };
  const { items: tools } = await gather(createAccountTools({ ...app, settings }, {}).list({}));
  return { provider: tools[0]?.provider ?? '', tools };
}

async function customTools(
  app: App,
  files: readonly string[],
  chosen: string | undefined,
): Promise<Map<string, ListedTool[]>> {
  const byConnection = new Map<string, ListedTool[]>();
  if (files.length === 0) return byConnection;
  const [{ loadCustomTools }, { createDocumentCache }, { toListed }] = await Promise.all([
    import('../../contracts/load.ts'),
    import('../../contracts/document-cache.ts'),
    import('../custom-listing.ts'),
  ]);
  const cache = createDocumentCache(cacheFolder(app.io));
  for (const tool of await loadCustomTools(files, { cwd: app.io.cwd, cache })) {
    const listed = toListed(tool, chosen);
    const connectionName = listed.connectionName ?? chosen;
    if (connectionName === undefined) throw withoutConnection(listed.name);
    if (chosen !== undefined && connectionName !== chosen) continue;
    byConnection.set(connectionName, [...(byConnection.get(connectionName) ?? []), listed]);
  }
  return byConnection;
}

function withoutConnection(toolName: string): SkConnectError {
  return usageError(
    `${toolName} names no connection to lock it under`,
    'Pass -c NAME, or name the connection in its request.',
    { code: 'missing_value' },
  );
}

async function noTools(app: App): Promise<SkConnectError> {
  const identifier = await requireIdentifier(app);
  return new SkConnectError('account', `${identifier} has no ACTIVE account with tools`, {
    code: 'no_tools',
    hint: `See where the accounts stand: ${commandLine(app.options, 'status', '-i', identifier)}`,
  });
}

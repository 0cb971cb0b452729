import type { App } from '../app.ts';
import { type CustomTool, definitionOf, isReadOnly } from '../contracts/tool.ts';
import type { Page } from '../scalekit/pages.ts';
import { isSelected } from './account-tools.ts';
import type { ListedTool, ToolBox, ToolFilter } from './toolbox.ts';

/** Custom tools before those of the account, and in place of those of the same name. */
export async function* listCustomFirst(
  app: App,
  account: ToolBox,
  tools: readonly CustomTool[],
  filter: ToolFilter,
): AsyncGenerator<Page<ListedTool>> {
  const connectionName = await app.settings.connectionName();
  const custom = tools
    .map((tool) => toListed(tool, connectionName))
    .filter((tool) => isSelected(tool, filter));
  yield { items: custom, totalSize: custom.length };
  // Without a connection there is nobody to ask, and no need for credentials.
  if (connectionName === undefined && !filter.catalog && !filter.available) return;
  const names = new Set(tools.map((tool) => definitionOf(tool).name));
  const replaced: string[] = [];
  for await (const { items, totalSize } of account.list(filter)) {
    replaced.push(...items.map(({ name }) => name).filter((name) => names.has(name)));
    yield {
      items: items.filter(({ name }) => !names.has(name)),
      totalSize: totalSize + custom.length - replaced.length,
    };
  }
  for (const name of replaced) {
    app.terminal.notice(`${name} is one of the account's tools too: the custom one takes its place.`);
  }
}

/** `connectionName`: the caller's, where a contract names none. */
export function toListed(tool: CustomTool, connectionName: string | undefined): ListedTool {
  const { name, description, input_schema, output_schema, scopes } = definitionOf(tool);
  const request = tool.kind === 'contract' ? tool.contract.request : undefined;
  return {
    name,
    displayName: null,
    description: description ?? null,
    provider: '',
    connectionName: request === undefined ? null : (request.connection ?? connectionName ?? null),
    connectedAccountId: null,
    source: 'custom',
    inputSchema: input_schema,
    outputSchema: output_schema ?? null,
    tags: [],
    readOnly: isReadOnly(tool),
    scopes: scopes ?? null,
  };
}

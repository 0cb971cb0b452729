import type { App } from '../app.ts';
import { gather } from '../scalekit/pages.ts';
import { printTable } from '../terminal/table.ts';

/** Prints every connection of the environment. */
export async function listConnections(app: App): Promise<void> {
  const scalekit = await app.scalekit();
  const { items, totalSize } = await gather((await scalekit.connections()).list());
  if (app.terminal.isJson) return app.terminal.printJson({ connections: items, totalSize });
  if (items.length === 0) {
    return app.terminal.notice(
      'No connections yet. Create one in the dashboard: app.scalekit.com → AgentKit → Connections.',
    );
  }
  await printTable(
    app.terminal,
    [
      { header: 'CONNECTION', value: ({ connectionName }) => connectionName },
      { header: 'PROVIDER', value: ({ provider }) => provider, isFlexible: true },
      { header: 'TYPE', value: ({ type }) => type },
      { header: 'STATUS', value: ({ status, enabled }) => (enabled ? status : `${status} (disabled)`) },
      { header: 'ID', value: ({ connectionId }) => connectionId },
    ],
    items,
  );
}

import type { App } from '../../app.ts';
import { readSource } from '../../contracts/source.ts';
import { SkConnectError, usageError, withMessage } from '../../errors.ts';
import type { SandboxConnection } from '../../sandbox/interface/control.ts';
import { openSandbox } from '../../sandbox-api.ts';
import { readFileArgument } from '../../terminal/input.ts';
import { type Column, printTable } from '../../terminal/table.ts';

const COLUMNS: Column<SandboxConnection>[] = [
  { header: 'CONNECTION', value: ({ name }) => name },
  { header: 'CONNECTOR', value: ({ connector }) => connector, isFlexible: true },
  { header: 'AUTH', value: ({ authType }) => authType },
  { header: 'MCP', value: ({ isMcp }) => (isMcp ? 'yes' : '') },
  { header: 'CLIENT', value: ({ clientId }) => clientId ?? '', isFlexible: true },
  { header: 'ID', value: ({ id }) => id, isFlexible: true },
];

export async function listConnections(app: App): Promise<void> {
  const api = await openSandbox(app);
  const { connections } = await api.call<{ connections: SandboxConnection[] }>('GET', '/connections');
  if (app.terminal.isJson) return app.terminal.printJson({ connections });
  await printTable(app.terminal, COLUMNS, connections);
}

/** @param file an entry of a config's `connections`, in YAML or JSON; - for stdin */
export async function addConnection(app: App, file: string): Promise<void> {
  const bytes = await readFileArgument(app, file, 'the connection');
  const { value, problems } = readSource(file, Buffer.from(bytes).toString('utf8'));
  const [problem] = problems;
  if (problem !== undefined) throw usageError(`${file}: ${problem.message}`, undefined, { code: 'bad_file' });
  const api = await openSandbox(app);
  const added = await api
    .call<SandboxConnection>('POST', '/connections', { body: value })
    .catch((error: unknown) => {
      throw error instanceof SkConnectError && error.code === 'invalid_request' ? badEntry(error) : error;
    });
  if (app.terminal.isJson) return app.terminal.printJson(added);
  await printTable(app.terminal, COLUMNS, [added]);
}

function badEntry(error: SkConnectError): SkConnectError {
  const hint =
    'It takes an entry as in a config: {name: acme-2, connector: acme}; sk-connect sandbox connections list has the connectors.';
  return withMessage(error, `the connection cannot be added: ${error.message}`, hint);
}

export async function removeConnection(app: App, name: string): Promise<void> {
  const api = await openSandbox(app);
  await api.call('DELETE', `/connections/${encodeURIComponent(name)}`);
  app.terminal.notice(`${name} and its accounts are gone.`);
}

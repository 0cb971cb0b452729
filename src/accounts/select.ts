import type { App } from '../app.ts';
import { usageError } from '../errors.ts';
import type { AccountKey } from '../scalekit/accounts.ts';
import { gather } from '../scalekit/pages.ts';
import { pick } from '../terminal/ask.ts';

/** The account a command is about. On a terminal what is missing is picked from a list; elsewhere it is a usage error. */
export async function requireAccountKey(app: App): Promise<AccountKey> {
  const connectionName = await requireConnectionName(app);
  return { connectionName, identifier: await requireIdentifier(app, connectionName) };
}

export async function requireConnectionName(app: App): Promise<string> {
  const given = await app.settings.connectionName();
  if (given !== undefined) return given;
  if (!app.terminal.canPrompt) {
    throw missing(
      'connection name',
      '-c/--connection NAME',
      'SCALEKIT_CONNECTION_NAME',
      'sk-connect connections lists the names.',
    );
  }
  const { items } = await gather((await (await app.scalekit()).connections()).list());
  if (items.length === 0) {
    throw usageError(
      'the environment has no connections',
      'Create one in the dashboard: app.scalekit.com → AgentKit → Connections.',
    );
  }
  const choices = items.map(({ connectionName, provider, type }) => ({
    name: connectionName,
    description: `${provider} · ${type}`,
  }));
  return pick(app, 'Connection', choices);
}

export async function requireIdentifier(app: App, connectionName?: string): Promise<string> {
  const given = await app.settings.identifier();
  if (given !== undefined) return given;
  if (!app.terminal.canPrompt) {
    throw missing(
      'identifier',
      '-i/--identifier ID',
      'SCALEKIT_IDENTIFIER',
      'It is the id by which your app knows the user.',
    );
  }
  const accounts = await (await app.scalekit()).accounts();
  const { items } = await gather(accounts.list(connectionName === undefined ? {} : { connectionName }));
  const states = new Map(items.map(({ identifier, status }) => [identifier, status]));
  const choices = [...states].map(([name, description]) => ({ name, description }));
  return pick(app, 'Identifier of the user', choices, { allowOther: true });
}

function missing(what: string, flag: string, variable: string, hint: string) {
  return usageError(`no ${what}: pass ${flag} or set ${variable}`, hint, { code: 'missing_value' });
}

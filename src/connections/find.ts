import { usageError } from '../errors.ts';
import type { Connection } from '../scalekit/connections.ts';
import { gather } from '../scalekit/pages.ts';
import type { Scalekit } from '../scalekit/scalekit.ts';
import { didYouMean } from '../suggest.ts';

/** The connection of exactly this name. Throws a usage error with the nearest names where there is none. */
export async function requireConnection(scalekit: Scalekit, connectionName: string): Promise<Connection> {
  const { items } = await gather((await scalekit.connections()).list());
  const found = items.find((connection) => connection.connectionName === connectionName);
  if (found !== undefined) return found;
  const names = items.map((connection) => connection.connectionName);
  throw usageError(
    `the environment has no connection named ${JSON.stringify(connectionName)}`,
    didYouMean(connectionName, names, 'Names must match exactly: sk-connect connections lists them.'),
    { code: 'connection_not_found', details: { connectionName } },
  );
}

/** Whether a connection's users authorize in a browser, or its credentials are stored as they are. */
export function credentialKind({ type }: Connection): 'oauth' | 'static' {
  return /^(API_KEY|BASIC|BEARER|NO_AUTH)/.test(type) ? 'static' : 'oauth';
}

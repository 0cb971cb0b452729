import type { AuthorizationServer, Client } from 'oauth4webapi';
import type { Connection } from '../../state/connections.ts';
import type { SandboxState } from '../../state/sandbox-state.ts';

interface Registration {
  client: Client;
  issuer: string;
  redirectUri: string;
}

/** A connection's client at the authorization server that its MCP server leads to. */
const registrations = new WeakMap<Connection, Registration>();

/** The client that was registered for this connection and redirect URI, where it has not run out. */
export function registeredClient(
  state: SandboxState,
  connection: Connection,
  server: AuthorizationServer,
  redirectUri: string,
): Client | undefined {
  const found = registrations.get(connection);
  if (found?.issuer !== server.issuer || found.redirectUri !== redirectUri) return undefined;
  const endsAt = found.client['client_secret_expires_at'];
  const hasEnded = typeof endsAt === 'number' && endsAt > 0 && endsAt * 1000 <= state.now();
  return hasEnded ? undefined : found.client;
}

export function rememberRegistration(connection: Connection, registration: Registration): void {
  registrations.set(connection, registration);
}

/** The provider does not know it any more: the next authorization registers anew. */
export function forgetRegistration(connection: Connection, clientId: string): void {
  if (registrations.get(connection)?.client.client_id === clientId) registrations.delete(connection);
}

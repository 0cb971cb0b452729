import type { AuthorizationServer, Client } from 'oauth4webapi';
import type { Connection } from '../../state/connections.ts';
import type { SandboxState } from '../../state/sandbox-state.ts';

/** The client that was registered for this connection and redirect URI, where it has not run out. */
export function registeredClient(
  { oauthClients, now }: SandboxState,
  connection: Connection,
  server: AuthorizationServer,
  redirectUri: string,
): Client | undefined {
  const found = oauthClients.registration(connection);
  if (found?.issuer !== server.issuer || found.redirectUri !== redirectUri) return undefined;
  const endsAt = found.client['client_secret_expires_at'];
  const hasEnded = typeof endsAt === 'number' && endsAt > 0 && endsAt * 1000 <= now();
  return hasEnded ? undefined : found.client;
}

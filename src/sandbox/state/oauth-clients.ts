import type { Client } from 'oauth4webapi';
import type { Changes } from './changes.ts';
import type { Connection } from './connections.ts';

/** How a client shows its secret at a token endpoint. */
export type ClientAuthMethod = 'client_secret_basic' | 'client_secret_post';

/** A client that the sandbox registered by itself, at the authorization server that an MCP server leads to. */
export interface Registration {
  /** With its `client_secret` and `token_endpoint_auth_method`, where it has them. */
  client: Client;
  issuer: string;
  /** Tells one port of the sandbox from another. */
  redirectUri: string;
}

export type OAuthClientStore = ReturnType<typeof createOAuthClientStore>;

/** As what the providers know the connections, beyond what the config says. A connection takes with it what there is of it. */
export function createOAuthClientStore(changes: Changes) {
  let registrations = new WeakMap<Connection, Registration>();
  let authMethods = new WeakMap<Connection, ClientAuthMethod>();

  return {
    registration: (connection: Connection) => registrations.get(connection),
    register(connection: Connection, registration: Registration): void {
      registrations.set(connection, registration);
      changes.emit('registration');
    },
    /** As it was before, of a snapshot that has been checked. */
    restore: (connection: Connection, registration: Registration) =>
      void registrations.set(connection, registration),
    /** The provider does not know it any more: the next authorization registers anew. */
    forget(connection: Connection, clientId: string): void {
      if (registrations.get(connection)?.client.client_id !== clientId) return;
      registrations.delete(connection);
      changes.emit('registration');
    },

    /** What the token endpoint took last, where the config does not say. */
    authMethod: (connection: Connection) => authMethods.get(connection),
    noteAuthMethod: (connection: Connection, method: ClientAuthMethod) =>
      void authMethods.set(connection, method),

    clear(): void {
      registrations = new WeakMap();
      authMethods = new WeakMap();
    },
  };
}

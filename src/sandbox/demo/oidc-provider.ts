import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
// @ts-expect-error: oidc-provider ships no types; the ones below are of the parts used here.
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';
// Not 'oidc-provider' itself: its index prints a warning when Node 20 loads it.
// @ts-expect-error: no types here either.
import { Provider } from 'oidc-provider/lib/provider.js';

export interface OidcClient {
  clientId: string;
  redirectUriAllowed(uri: string): boolean;
  grantTypeAllowed(type: string): boolean;
}

interface OidcGrant {
  addOIDCScope(scope: string): void;
  addResourceScope(resource: string, scope: string): void;
  save(): Promise<string>;
}

export interface InteractionDetails {
  uid: string;
  prompt: {
    name: string;
    details: { missingOIDCScope?: string[]; missingResourceScopes?: Record<string, string[]> };
  };
  params: Record<string, unknown>;
  session?: { accountId: string };
  grantId?: string;
}

export type InteractionResult =
  | { login: { accountId: string } }
  | { consent: { grantId: string } }
  | { error: string; error_description?: string };

export interface OidcProvider {
  /** Koa's switch: no error is printed. */
  silent: boolean;
  Client: { prototype: OidcClient };
  Grant: {
    new (properties: { accountId: string; clientId: string }): OidcGrant;
    find(id: string): Promise<OidcGrant | undefined>;
  };
  callback(): RequestListener;
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<InteractionDetails>;
  /** Stores the result; resolves to the URL where the browser goes on. */
  interactionResult(
    request: IncomingMessage,
    response: ServerResponse,
    result: InteractionResult,
  ): Promise<string>;
}

/** A provider that keeps its state in memory, of its own, and prints nothing about that. */
export function createOidcProvider(issuer: string, configuration: object): OidcProvider {
  const provider = new Provider(issuer, {
    adapter: createMemoryAdapter(),
    ...configuration,
  }) as OidcProvider;
  provider.silent = true;
  return provider;
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oauth from 'oauth4webapi';
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from '../../../src/sandbox/demo/authorization-server.ts';
import { type ConsentOptions, completeConsent } from '../../../src/sandbox/demo/consent.ts';
import { NOTES_AUDIENCE, NOTES_SCOPES } from '../../../src/sandbox/demo/notes-api.ts';

const insecure = { [oauth.allowInsecureRequests]: true };

export interface Callback {
  redirectUri: string;
  /** The callback requests that came, oldest first. */
  received: URL[];
  close(): Promise<void>;
}

/** Stands for the sandbox: a server with its callback path. */
export async function startCallback(): Promise<Callback> {
  const received: URL[] = [];
  const server = createServer((request, response) => {
    received.push(new URL(request.url ?? '/', 'http://127.0.0.1'));
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Back at the sandbox</title><p>Done');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { redirectUri: `http://127.0.0.1:${port}/sso/v1/oauth/notes-demo/callback`, received, close };
}

export function startNotesAuthorization(accessTokenSeconds = 3600): Promise<AuthorizationServer> {
  return startAuthorizationServer({ audience: NOTES_AUDIENCE, scopes: NOTES_SCOPES, accessTokenSeconds });
}

/** An OAuth client as the sandbox is one. */
export class DemoClient {
  readonly server: AuthorizationServer;
  readonly callback: Callback;
  readonly verifier: string = oauth.generateRandomCodeVerifier();
  readonly state: string = oauth.generateRandomState();

  constructor(server: AuthorizationServer, callback: Callback) {
    this.server = server;
    this.callback = callback;
  }

  discover(): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(this.server.issuer);
    return oauth
      .discoveryRequest(issuer, insecure)
      .then((response) => oauth.processDiscoveryResponse(issuer, response));
  }

  async link(changes: Record<string, string | undefined> = {}): Promise<string> {
    const parameters: Record<string, string | undefined> = {
      response_type: 'code',
      client_id: this.server.clientId,
      redirect_uri: this.callback.redirectUri,
      scope: 'notes:read notes:write',
      state: this.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(this.verifier),
      code_challenge_method: 'S256',
      ...changes,
    };
    const url = new URL(this.server.authorizeUri);
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url.href;
  }

  async exchange(options: { secret?: string; verifier?: string } = {}): Promise<oauth.TokenEndpointResponse> {
    const as = await this.discover();
    const client = { client_id: this.server.clientId };
    const url = this.callback.received.at(-1);
    if (!url) throw new Error('no callback came');
    const parameters = oauth.validateAuthResponse(as, client, url, this.state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.ClientSecretBasic(options.secret ?? this.server.clientSecret),
      parameters,
      this.callback.redirectUri,
      options.verifier ?? this.verifier,
      insecure,
    );
    return oauth.processAuthorizationCodeResponse(as, client, response);
  }

  async refresh(refreshToken: string): Promise<oauth.TokenEndpointResponse> {
    const as = await this.discover();
    const client = { client_id: this.server.clientId };
    const auth = oauth.ClientSecretPost(this.server.clientSecret);
    const response = await oauth.refreshTokenGrantRequest(as, client, auth, refreshToken, insecure);
    return oauth.processRefreshTokenResponse(as, client, response);
  }

  async revoke(token: string): Promise<void> {
    const as = await this.discover();
    const client = { client_id: this.server.clientId };
    const auth = oauth.ClientSecretPost(this.server.clientSecret);
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, auth, token, { ...insecure }),
    );
  }

  /** The whole way: link, sign-in, consent, code exchange. */
  async authorize(
    changes: Record<string, string | undefined> = {},
    options: ConsentOptions = {},
  ): Promise<oauth.TokenEndpointResponse> {
    await completeConsent(await this.link(changes), options);
    return this.exchange();
  }
}

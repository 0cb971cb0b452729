import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, mcpServer } from './mcp-server.ts';
import { bodyText, upstream } from './upstream.ts';

type Form = Record<string, string>;

/** An MCP server that takes tokens of an authorization server beside it, which consents at once. A test changes what they say. */
export interface ProtectedMcp {
  url: string;
  issuer: string;
  /** What `resource_metadata` of the challenge names; no parameter where undefined. */
  resourceMetadataUrl: string | undefined;
  /** Other parameters of the challenge. */
  challenge: string;
  /** By path: in place of what is there. A number is a status without a body. */
  answers: Map<string, object | string | number>;
  /** Into the authorization server's metadata; what is undefined is left out. */
  metadata: Record<string, unknown>;
  /** Paths of all that was asked for by GET. */
  asked: string[];
  registrations: Record<string, unknown>[];
  /** Ids of the clients it knows. */
  clients: Set<string>;
  /** What a client that registers is given beside its id. */
  registered: Record<string, unknown>;
  authorizeRequests: Form[];
  tokenRequests: (Form & { authorization: string })[];
  /** Tokens that the MCP server takes. */
  tokens: Set<string>;
  /** With which tokens tools were called for, or listed. */
  served: string[];
  expiresIn: number;
}

export async function protectedMcp(issuerPath = ''): Promise<ProtectedMcp> {
  const codes = new Map<string, Form>();
  const origin = await upstream((request, response) => void authorizationServer(request, response));
  const issuer = origin + issuerPath;
  let metadataUrl = '';
  const here: ProtectedMcp = {
    url: '',
    issuer,
    resourceMetadataUrl: undefined,
    challenge: '',
    answers: new Map(),
    metadata: {},
    asked: [],
    registrations: [],
    clients: new Set(),
    registered: { client_secret: 's3cret' },
    authorizeRequests: [],
    tokenRequests: [],
    tokens: new Set(),
    served: [],
    expiresIn: 3600,
  };

  const protect: Answer = (request, response) => {
    const path = request.url ?? '';
    if (request.method === 'GET' && path !== '/mcp') {
      here.asked.push(path);
      const isMetadata = path === new URL(metadataUrl).pathname;
      const resource = {
        resource: here.url,
        authorization_servers: [issuer],
        scopes_supported: ['tools:read'],
      };
      send(response, here.answers.get(path) ?? (isMetadata ? resource : 404));
      return true;
    }
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (here.tokens.has(token)) {
      here.served.push(token);
      return false;
    }
    const named = here.resourceMetadataUrl;
    const parameters = [...(named ? [`resource_metadata="${named}"`] : []), here.challenge].filter(Boolean);
    response.setHeader('www-authenticate', `Bearer ${parameters.join(', ')}`.trim());
    send(response, 401);
    return true;
  };
  here.url = await mcpServer(undefined, protect);
  metadataUrl = here.url.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');
  here.resourceMetadataUrl = metadataUrl;

  async function authorizationServer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', origin);
    if (request.method === 'GET') here.asked.push(url.pathname);
    const answer = here.answers.get(url.pathname);
    if (answer !== undefined) return send(response, answer);
    switch (url.pathname) {
      case `/.well-known/oauth-authorization-server${issuerPath}`:
        return send(response, metadata());
      case '/register':
        return register(JSON.parse(await bodyText(request)) as Record<string, unknown>, response);
      case '/authorize':
        return authorize(Object.fromEntries(url.searchParams), response);
      case '/token':
        return token(Object.fromEntries(new URLSearchParams(await bodyText(request))), request, response);
      default:
        return send(response, 404);
    }
  }

  function metadata(): object {
    return {
      issuer,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      ...here.metadata,
    };
  }

  function register(asked: Record<string, unknown>, response: ServerResponse): void {
    here.registrations.push(asked);
    const client_id = `client-${here.registrations.length}`;
    here.clients.add(client_id);
    response.statusCode = 201;
    send(response, { ...asked, client_id, ...here.registered });
  }

  function authorize(asked: Form, response: ServerResponse): void {
    if (!here.clients.has(asked['client_id'] ?? '')) return send(response, 400);
    here.authorizeRequests.push(asked);
    const code = randomUUID();
    codes.set(code, asked);
    const back = new URL(asked['redirect_uri'] ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked['state'] ?? '');
    back.searchParams.set('iss', issuer);
    response.writeHead(302, { location: back.href }).end();
  }

  function token(form: Form, request: IncomingMessage, response: ServerResponse): void {
    const { authorization = '' } = request.headers;
    here.tokenRequests.push({ ...form, authorization });
    const basic = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':')[0];
    if (!here.clients.has(form['client_id'] ?? basic ?? '')) {
      response.statusCode = 401;
      return send(response, { error: 'invalid_client' });
    }
    const verifier = createHash('sha256')
      .update(form['code_verifier'] ?? '')
      .digest('base64url');
    const isRight =
      form['grant_type'] === 'refresh_token' ||
      codes.get(form['code'] ?? '')?.['code_challenge'] === verifier;
    if (!isRight || here.answers.get('refresh') === 400) {
      response.statusCode = 400;
      return send(response, { error: 'invalid_grant' });
    }
    const issued = `access-${here.tokenRequests.length}`;
    here.tokens.add(issued);
    const refresh_token = `refresh-${here.tokenRequests.length}`;
    return send(response, {
      access_token: issued,
      token_type: 'Bearer',
      expires_in: here.expiresIn,
      refresh_token,
    });
  }
  return here;
}

function send(response: ServerResponse, answer: object | string | number): void {
  if (typeof answer === 'number') response.writeHead(answer).end();
  else if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'text/html' }).end(answer);
  else {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer, (_key, value: unknown) => value));
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExchangeKind } from '../interface/exchanges.ts';
import type { Refusal } from '../refusal.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import type { OpenExchange } from './exchange-log.ts';

/** Goes with a request to whoever handles it, as a property of it would; what ends in the log is `state.exchanges`'. */
const underWay = new WeakMap<IncomingMessage, OpenExchange>();

/** From here until its connection is done with it, a call is in the making; then it is in the log. */
export function recordExchange(
  state: SandboxState,
  request: IncomingMessage,
  response: ServerResponse,
  kind: ExchangeKind,
): OpenExchange {
  const exchange = state.exchanges.begin(kind, request.method ?? '', request.url ?? '');
  underWay.set(request, exchange);
  if (kind === 'proxy') {
    exchange.connectionName = headerText(request, 'connection_name');
    exchange.identifier = headerText(request, 'identifier');
  }
  if (kind === 'page') Object.assign(exchange, behindPage(state, request.url ?? ''));
  response.once('close', () => {
    if (!response.writableFinished) exchange.error ??= 'the connection ended before the answer did';
    state.exchanges.end(exchange, response.headersSent && !exchange.isCutOff ? response.statusCode : null);
  });
  return exchange;
}

/** What is recorded of a call that is under way. */
export function exchangeOf(request: IncomingMessage): OpenExchange | undefined {
  return underWay.get(request);
}

/** Whose link it is, or which connection a provider sends the browser back for. */
function behindPage({ links, connections }: SandboxState, path: string): Partial<OpenExchange> {
  const token = /^\/magicLink\/([^/?#]+)/.exec(path)?.[1];
  const account = token === undefined ? undefined : links.get(token)?.account;
  if (account) return { connectionName: account.connection.name, identifier: account.identifier };
  const id = /^\/sso\/v1\/oauth\/([^/?#]+)\/callback/.exec(path)?.[1];
  const connection = id === undefined ? undefined : [...connections.values()].find((each) => each.id === id);
  return { connectionName: connection?.name };
}

function headerText({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Notes that Scalekit itself refused the call. */
export function noteRefusal(request: IncomingMessage, { code, message }: Refusal): void {
  const exchange = underWay.get(request);
  if (exchange) Object.assign(exchange, { grpcCode: code, error: message });
}

/** Of what is neither gRPC nor the proxy; the control API, and pages that watch, do not watch themselves. */
export function exchangeKind(path: string): ExchangeKind | undefined {
  if (/^\/(sandbox\/.*|favicon\.ico)?(\?|$)/.test(path)) return undefined;
  if (/^\/(oauth\/token|keys)(\?|$)/.test(path)) return 'token';
  return path.startsWith('/api/') ? 'rest' : 'page';
}

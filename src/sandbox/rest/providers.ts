import type { JsonObject } from '../../json/object.ts';
import { pathText } from '../config/problems.ts';
import type { ConnectorDefinition } from '../config/types.ts';
import { connectorProblems } from '../config/validate.ts';
import { listingScope, type PageTokens } from '../grpc/pages.ts';
import { invalidArgument, Refusal } from '../refusal.ts';
import type { Connector } from '../state/connectors.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { toolProblems } from '../tools/check.ts';
import type { Endpoint } from './handler.ts';
import { parseBody } from './json-body.ts';
import { providerJson } from './provider-json.ts';
import type { Route } from './route-table.ts';

const DEFAULT_PAGE_SIZE = 10;
const LARGEST_PAGE_SIZE = 1000;

/** Scalekit's ProviderService, which the SDK for Node.js does not have: connectors are listed, created, replaced and deleted. */
export function providerRoutes(state: SandboxState, tokens: PageTokens): Route<Endpoint>[] {
  const list: Endpoint = ({ query }) => ({ status: 200, json: listProviders(state, tokens, query) });
  const create: Endpoint = async ({ body }) => ({ status: 201, json: await createProvider(state, body) });
  const replace: Endpoint = async ({ parameters, body }) => ({
    status: 200,
    json: await replaceProvider(state, parameters['identifier'] ?? '', body),
  });
  const remove: Endpoint = ({ parameters }) => ({
    status: 200,
    json: deleteProvider(state, parameters['identifier'] ?? ''),
  });
  const one = '/api/v1/custom-providers/{identifier}';
  return [
    { verb: 'GET', template: '/api/v1/providers', target: list },
    { verb: 'POST', template: '/api/v1/custom-providers', target: create },
    { verb: 'PUT', template: one, target: replace },
    { verb: 'DELETE', template: one, target: remove },
  ];
}

/** All connectors of a sandbox are custom ones: Scalekit's own catalogue, which a list without a type is of, is empty. */
function listProviders(state: SandboxState, tokens: PageTokens, query: URLSearchParams): JsonObject {
  const { identifier, type, pageSize, pageToken } = listParameters(query);
  const all = [...state.connectors.values()];
  const listed = identifier === '' ? (type === 'DEFAULT' ? [] : all) : all.filter(isCalled(identifier));
  const scope = listingScope('providers', [identifier, type]);
  const size = Math.min(pageSize || DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE);
  const start = tokens.decode(pageToken, scope);
  const end = start + size;
  return {
    providers: listed.slice(start, end).map(providerJson),
    next_page_token: end < listed.length ? tokens.encode(end, scope) : '',
    total_size: listed.length,
    prev_page_token: start > 0 ? tokens.encode(Math.max(0, start - size), scope) : '',
  };
}

const PROVIDER_TYPES = ['DEFAULT', 'CUSTOM', 'ALL'];
const PARAMETERS = new Map([
  ['identifier', 'identifier'],
  ['page_size', 'pageSize'],
  ['pageSize', 'pageSize'],
  ['page_token', 'pageToken'],
  ['pageToken', 'pageToken'],
  ['filter.provider_type', 'type'],
  ['filter.providerType', 'type'],
]);

function listParameters(query: URLSearchParams) {
  const given: Record<string, string> = {};
  for (const [name, value] of query) {
    const parameter = PARAMETERS.get(name);
    if (parameter === undefined) throw invalidArgument(name, 'is not known here');
    if (parameter in given) throw invalidArgument(name, 'is given more than once');
    given[parameter] = value;
  }
  const { identifier = '', type: typeText = 'DEFAULT', pageSize: sizeText = '0', pageToken = '' } = given;
  const type = PROVIDER_TYPES[Number(typeText)] ?? typeText;
  if (!PROVIDER_TYPES.includes(type)) {
    throw invalidArgument('filter.provider_type', `must be one of ${PROVIDER_TYPES.join(', ')}`);
  }
  if (!/^\d{1,9}$/.test(sizeText)) throw invalidArgument('page_size', 'must be a whole number of 0 or more');
  return { identifier, type, pageSize: Number(sizeText), pageToken };
}

function isCalled(identifier: string) {
  return (connector: Connector) => connector.identifier === identifier;
}

async function createProvider(state: SandboxState, body: string): Promise<JsonObject> {
  return { provider: providerJson(state.connectors.create(await definitionOf(body))) };
}

/** What is omitted is lost, but for the tools of a sandbox's config, which Scalekit's payload does not have. */
async function replaceProvider(state: SandboxState, identifier: string, body: string): Promise<JsonObject> {
  const definition = await definitionOf(body);
  const connector = requireConnector(state, identifier);
  refuseTakenPatterns(state, connector, definition);
  refuseTakenName(state, connector, definition);
  const { tools } = connector.definition;
  state.connectors.replace(connector, { ...(tools && { tools }), ...definition });
  return { provider: providerJson(connector) };
}

function deleteProvider(state: SandboxState, identifier: string): JsonObject {
  const connector = requireConnector(state, identifier);
  const names = state.connections.ofConnector(connector).map(({ name }) => name);
  if (names.length > 0) {
    throw new Refusal('permission_denied', 'PROVIDER_IN_USE', `provider is in use by ${names.join(', ')}`);
  }
  state.connectors.remove(connector);
  return {};
}

function requireConnector(state: SandboxState, identifier: string): Connector {
  const connector = state.connectors.get(identifier);
  if (connector) return connector;
  throw new Refusal('not_found', 'PROVIDER_NOT_FOUND', `provider not found: ${identifier}`);
}

function refuseTakenPatterns(
  state: SandboxState,
  connector: Connector,
  { auth_patterns: patterns }: ConnectorDefinition,
): void {
  const types = new Set(patterns.map(({ type }) => type));
  const lost = state.connections.ofConnector(connector).filter(({ authType }) => !types.has(authType));
  if (lost.length === 0) return;
  const uses = lost.map(({ name, authType }) => `${name} (${authType})`).join(', ');
  throw new Refusal('failed_precondition', 'AUTH_PATTERN_IN_USE', `auth pattern is in use by ${uses}`);
}

function refuseTakenName(
  state: SandboxState,
  connector: Connector,
  { display_name: name }: ConnectorDefinition,
): void {
  const other = state.connectors.find(name);
  if (other === undefined || other === connector) return;
  throw new Refusal('already_exists', 'PROVIDER_ALREADY_EXISTS', `another provider is called ${name}`);
}

/** Throws a Refusal that lists everything that is wrong with a definition. */
async function definitionOf(body: string): Promise<ConnectorDefinition> {
  const definition = parseBody(body);
  const problems = [...connectorProblems(definition), ...(await toolProblems(definition))];
  const violations = problems.map(({ path, message }) => ({ field: pathText(path), description: message }));
  if (violations.length === 0) return definition as unknown as ConnectorDefinition;
  const message = violations.map(({ field, description }) => `${field}: ${description}`).join('; ');
  throw new Refusal('invalid_argument', 'VALIDATION_ERROR', message, { violations });
}

import { isLoopback } from '../proxy/loopback.ts';
import { placeholdersOf } from '../proxy/placeholders.ts';
import { connectorIdentifier } from './identifier.ts';
import type { PathKey } from './problems.ts';
import type { AuthPattern, ConnectorDefinition } from './types.ts';

export interface Finding {
  path: PathKey[];
  message: string;
}

/** What a connector definition's parts must be to each other, as Scalekit takes it; `http://` on loopback is the sandbox's own. */
export function checkConnector(definition: ConnectorDefinition): Finding[] {
  const { auth_patterns: patterns } = definition;
  return [
    ...checkDisplayName(definition.display_name),
    ...checkUrl(definition.proxy_url, ['proxy_url']),
    ...patterns.flatMap((pattern, index) =>
      checkPattern(definition, pattern).map(({ path, message }) => ({
        path: ['auth_patterns', index, ...path],
        message,
      })),
    ),
    ...checkTypesOnce(patterns),
    ...checkMcpEverywhere(patterns),
  ];
}

function checkDisplayName(name: string): Finding[] {
  if (connectorIdentifier(name) !== '') return [];
  return [{ path: ['display_name'], message: 'has no letter or digit to derive an identifier from' }];
}

/** With the placeholders filled by something harmless: a host for those in the host's place, a segment elsewhere. */
function checkUrl(text: string, path: PathKey[]): Finding[] {
  const sample = text.replace(/\{\{[^{}]*\}\}/g, 'localhost');
  if (!URL.canParse(sample)) return [{ path, message: 'is not a URL' }];
  const url = new URL(sample);
  if (url.username !== '' || url.password !== '') return [{ path, message: 'must not hold credentials' }];
  if (url.hash !== '') return [{ path, message: 'must not have a fragment' }];
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return [];
  return [{ path, message: 'must be https:// (http:// on loopback only)' }];
}

function checkPattern(definition: ConnectorDefinition, pattern: AuthPattern): Finding[] {
  const { oauth_config: oauth = {}, is_mcp: isMcp } = pattern;
  const urls = [definition.proxy_url, oauth.authorize_uri ?? '', oauth.token_uri ?? ''];
  const fieldNames = [...(pattern.fields ?? []), ...(pattern.account_fields ?? [])];
  const known = new Set(fieldNames.map((field) => field.field_name));
  const findings: Finding[] = [...new Set(urls.flatMap(placeholdersOf))]
    .filter((name) => !known.has(name))
    .map((name) => ({ path: ['fields'], message: `no field gives a value for {{${name}}}` }));

  for (const [index, field] of (pattern.fields ?? []).entries()) {
    const earlier = (pattern.fields ?? []).slice(0, index);
    if (earlier.some(({ field_name }) => field_name === field.field_name)) {
      findings.push({
        path: ['fields', index, 'field_name'],
        message: `${field.field_name} is declared twice`,
      });
    }
  }
  if (pattern.type !== 'OAUTH') {
    if (pattern.oauth_config)
      findings.push({ path: ['oauth_config'], message: `does not go with ${pattern.type}` });
    return findings;
  }
  for (const key of ['authorize_uri', 'token_uri'] as const) {
    const value = oauth[key];
    if (value) findings.push(...checkUrl(value, ['oauth_config', key]));
    else if (!isMcp) findings.push({ path: ['oauth_config', key], message: 'is required for OAUTH' });
  }
  return findings;
}

function checkTypesOnce(patterns: AuthPattern[]): Finding[] {
  return patterns.flatMap(({ type }, index) =>
    patterns.findIndex((pattern) => pattern.type === type) < index
      ? [{ path: ['auth_patterns', index, 'type'], message: `there is another ${type} pattern` }]
      : [],
  );
}

function checkMcpEverywhere(patterns: AuthPattern[]): Finding[] {
  if (!patterns.some((pattern) => pattern.is_mcp)) {
    return patterns.flatMap(({ type }, index) =>
      type === 'NO_AUTH'
        ? [{ path: ['auth_patterns', index, 'type'], message: 'NO_AUTH is for MCP connectors only' }]
        : [],
    );
  }
  return patterns.flatMap((pattern, index) =>
    pattern.is_mcp
      ? []
      : [
          {
            path: ['auth_patterns', index, 'is_mcp'],
            message: 'must be true in every pattern of an MCP connector',
          },
        ],
  );
}

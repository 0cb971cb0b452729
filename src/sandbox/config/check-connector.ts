import { isJsonObject } from '../../json/object.ts';
import { checkBuiltInTools } from '../tools/check.ts';
import { checkPattern } from './check-pattern.ts';
import { checkUrl } from './check-url.ts';
import { connectorIdentifier } from './identifier.ts';
import { below, type Finding, type PathKey } from './problems.ts';
import type { AuthPattern, ConnectorDefinition } from './types.ts';

export type { Finding } from './problems.ts';

/**
 * What a connector definition's parts must be to each other, as Scalekit takes it; `http://` on loopback is the
 * sandbox's own. Parts whose shape is wrong, as `misshapen` says, are passed over.
 */
export function checkConnector(
  definition: ConnectorDefinition,
  misshapen: readonly Finding[] = [],
): Finding[] {
  const isSound = (...path: PathKey[]) =>
    !misshapen.some((finding) => path.every((key, index) => finding.path[index] === key));
  const { display_name: name, proxy_url: proxyUrl } = definition;
  const findings: Finding[] = [];
  if (isSound('display_name')) findings.push(...checkDisplayName(name));
  if (isSound('proxy_url')) findings.push(...checkUrl(proxyUrl, ['proxy_url']));
  findings.push(...checkBuiltInTools(definition));
  if (!Array.isArray(definition.auth_patterns)) return findings;
  for (const [index, pattern] of definition.auth_patterns.entries()) {
    if (!isSound('auth_patterns', index)) continue;
    const url = isSound('proxy_url') ? proxyUrl : '';
    findings.push(...below(['auth_patterns', index], checkPattern(url, pattern)));
  }
  const patterns = definition.auth_patterns.filter(isJsonObject);
  if (patterns.length < definition.auth_patterns.length) return findings;
  return [...findings, ...checkTypesOnce(patterns), ...checkMcpEverywhere(patterns)];
}

function checkDisplayName(name: string): Finding[] {
  if (connectorIdentifier(name) !== '') return [];
  return [{ path: ['display_name'], message: 'has no letter or digit to derive an identifier from' }];
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

import { checkBuiltInTools } from '../tools/check.ts';
import { checkPattern, type PartialPattern } from './check-pattern.ts';
import { checkUrl } from './check-url.ts';
import { connectorIdentifier } from './identifier.ts';
import { below, type Finding } from './problems.ts';
import type { ConnectorDefinition } from './types.ts';

/** What is left of a definition without what has the wrong shape. */
export type PartialConnector = Partial<Omit<ConnectorDefinition, 'auth_patterns'>> & {
  auth_patterns?: PartialPattern[];
};

/**
 * What a connector definition's parts must be to each other, as Scalekit takes it; `http://` on loopback is the
 * sandbox's own.
 */
export function checkConnector(definition: PartialConnector): Finding[] {
  const { display_name: name, proxy_url: url, auth_patterns: patterns = [] } = definition;
  return [
    ...(name === undefined ? [] : checkDisplayName(name)),
    ...(url === undefined ? [] : checkUrl(url, ['proxy_url'])),
    ...patterns.flatMap((pattern, index) =>
      below(['auth_patterns', index], checkPattern(url ?? '', pattern)),
    ),
    ...checkTypesOnce(patterns),
    ...checkMcpEverywhere(patterns),
    ...checkBuiltInTools(definition),
  ];
}

function checkDisplayName(name: string): Finding[] {
  if (connectorIdentifier(name) !== '') return [];
  return [{ path: ['display_name'], message: 'has no letter or digit to derive an identifier from' }];
}

function checkTypesOnce(patterns: readonly PartialPattern[]): Finding[] {
  return patterns.flatMap(({ type }, index) =>
    type !== undefined && patterns.findIndex((pattern) => pattern.type === type) < index
      ? [{ path: ['auth_patterns', index, 'type'], message: `there is another ${type} pattern` }]
      : [],
  );
}

function checkMcpEverywhere(patterns: readonly PartialPattern[]): Finding[] {
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

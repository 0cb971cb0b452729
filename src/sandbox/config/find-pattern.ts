import type { AuthPattern, ConnectionConfig, ConnectorDefinition } from './types.ts';

/** The connector's auth pattern of that type; its first one where a connection names none. */
export function findPattern(
  definition: ConnectorDefinition,
  type: ConnectionConfig['auth_type'],
): AuthPattern | undefined {
  if (type === undefined) return definition.auth_patterns[0];
  return definition.auth_patterns.find((pattern) => pattern.type === type);
}

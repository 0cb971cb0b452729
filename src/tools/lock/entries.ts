import type { LockedConnection, LockedTool, Lockfile } from '../../contracts/lockfile.ts';
import type { JsonObject } from '../../json/object.ts';
import { schemaHash } from '../../json/schema-compare/compare.ts';
import { tidySchema } from '../../json/tidy-schema.ts';
import type { ListedTool } from '../toolbox.ts';

/** An input is an object, whether its schema says so or not. */
export const INPUT = { isObject: true };

export function lockedConnection(provider: string, tools: readonly ListedTool[]): LockedConnection {
  return { provider, tools: byName(tools.map((tool) => [tool.name, lockedTool(tool)])) };
}

function lockedTool({ displayName, description, source, readOnly, scopes, ...tool }: ListedTool): LockedTool {
  return {
    displayName,
    description,
    source,
    readOnly,
    scopes: scopes === null ? null : [...new Set(scopes)].sort(),
    inputSchemaHash: tool.inputSchema === null ? null : schemaHash(tool.inputSchema, INPUT),
    inputSchema: tidied(tool.inputSchema),
    outputSchemaHash: tool.outputSchema === null ? null : schemaHash(tool.outputSchema),
    outputSchema: tidied(tool.outputSchema),
  };
}

function tidied(schema: JsonObject | null): JsonObject | null {
  return schema === null ? null : tidySchema(schema);
}

/** The same bytes for the same tools. */
export function lockfileText({ lockfileVersion, connections }: Lockfile): string {
  const ordered = Object.entries(connections).map(
    ([name, { provider, tools }]): [string, LockedConnection] => [
      name,
      { provider, tools: byName(Object.entries(tools)) },
    ],
  );
  return `${JSON.stringify({ lockfileVersion, connections: byName(ordered) }, null, 2)}\n`;
}

function byName<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

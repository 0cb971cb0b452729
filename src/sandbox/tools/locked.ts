import type { JsonObject } from '@bufbuild/protobuf';
import { misfits } from '../../contracts/fit.ts';
import type { LockedTool } from '../../contracts/lockfile.ts';
import { violationText } from '../../json/schema.ts';
import { randomId } from '../ids.ts';
import { toolPrefix } from '../mcp/names.ts';
import type { Connection } from '../state/connections.ts';
import { builtInTools } from './built-in.ts';
import { toolError, toolNotFound } from './tool-error.ts';
import { type ListedTool, listedTool } from './tool-list.ts';

/** The tools of a lockfile as Scalekit lists them, whatever the server offers. */
export function lockedTools(connection: Connection, locked: ReadonlyMap<string, LockedTool>): ListedTool[] {
  return [...locked].map(([name, tool]) =>
    listedTool({
      name,
      displayName: tool.displayName ?? name,
      description: tool.description ?? '',
      provider: connection.connector.identifier,
      definition: {
        input_schema: tool.inputSchema ?? undefined,
        output_schema: tool.outputSchema ?? undefined,
        annotations: tool.readOnly === null ? undefined : { readOnlyHint: tool.readOnly },
        scopes: tool.scopes ?? undefined,
      },
      metadata: { connection_name: connection.name, source: 'lockfile' },
      tags: ['lockfile'],
    }),
  );
}

/** Throws a Refusal for a tool that is not locked, an input that does not fit it, and one that nothing can execute. */
export async function requireLocked(
  { name: connectionName, pattern, connector }: Connection,
  locked: ReadonlyMap<string, LockedTool>,
  toolName: string,
  input: JsonObject,
): Promise<void> {
  const tool = locked.get(toolName);
  if (tool === undefined) throw toolNotFound(toolName);
  const violations = tool.inputSchema === null ? [] : await misfits(tool.inputSchema, input).catch(() => []);
  if (violations.length > 0) {
    const told = violations.map(({ path, message }) =>
      violationText({ path: path.slice(1), message }, 'the input'),
    );
    const message = `the input does not fit the locked schema of ${toolName}: ${told.join('; ')}`;
    throw toolError(['invalid_argument', 'INVALID_INPUT', message], randomId('exec_'));
  }
  if (builtInTools(connector)?.contracts.has(toolName)) return;
  if (pattern.is_mcp === true && toolName.startsWith(toolPrefix(connectionName))) return;
  const why =
    pattern.is_mcp === true
      ? `is not named ${toolPrefix(connectionName)}…`
      : 'is neither on an MCP connection nor among the tools of its connector';
  const message = `${toolName} is listed from a lockfile and ${why}: the sandbox has nothing to execute it with`;
  throw toolError(['failed_precondition', 'LISTED_ONLY', message], randomId('exec_'));
}

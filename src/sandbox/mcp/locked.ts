import { create, type JsonObject } from '@bufbuild/protobuf';
import { misfits } from '../../contracts/fit.ts';
import type { LockedTool } from '../../contracts/lockfile.ts';
import { violationText } from '../../json/schema.ts';
import { ToolSchema } from '../descriptors.ts';
import { randomId, stableId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Connection } from '../state/connections.ts';
import { toolError } from './failure.ts';
import { type DiscoveredTool, plainJson, toolPrefix } from './names.ts';

/** The tools of a lockfile as Scalekit lists them, whatever the server offers. */
export function lockedTools(
  connection: Connection,
  locked: ReadonlyMap<string, LockedTool>,
): DiscoveredTool[] {
  return [...locked].map(([name, tool]) => {
    const provider = connection.connector.identifier;
    const definition = plainJson({
      name,
      display_name: tool.displayName ?? name,
      description: tool.description ?? '',
      provider,
      input_schema: tool.inputSchema ?? undefined,
      output_schema: tool.outputSchema ?? undefined,
      annotations: tool.readOnly === null ? undefined : { readOnlyHint: tool.readOnly },
      scopes: tool.scopes ?? undefined,
    });
    const metadata = { connection_name: connection.name, source: 'lockfile' };
    const id = stableId('tol_', name);
    return { name, message: create(ToolSchema, { id, provider, definition, metadata, tags: ['lockfile'] }) };
  });
}

/** Throws a Refusal for a tool that is not locked, an input that does not fit it, and one that nothing can execute. */
export async function requireLocked(
  { name: connectionName, pattern }: Connection,
  locked: ReadonlyMap<string, LockedTool>,
  toolName: string,
  input: JsonObject,
): Promise<void> {
  const tool = locked.get(toolName);
  if (tool === undefined) throw new Refusal('not_found', 'TOOL_NOT_FOUND', `tool not found: ${toolName}`);
  const violations = tool.inputSchema === null ? [] : await misfits(tool.inputSchema, input).catch(() => []);
  if (violations.length > 0) {
    const told = violations.map(({ path, message }) =>
      violationText({ path: path.slice(1), message }, 'the input'),
    );
    const message = `the input does not fit the locked schema of ${toolName}: ${told.join('; ')}`;
    throw toolError('invalid_argument', 'INVALID_INPUT', message, randomId('exec_'));
  }
  if (pattern.is_mcp === true && toolName.startsWith(toolPrefix(connectionName))) return;
  const why =
    pattern.is_mcp === true ? `is not named ${toolPrefix(connectionName)}…` : 'is on no MCP connection';
  const message = `${toolName} is listed from a lockfile and ${why}: the sandbox has nothing to execute it with`;
  throw toolError('failed_precondition', 'LISTED_ONLY', message, randomId('exec_'));
}

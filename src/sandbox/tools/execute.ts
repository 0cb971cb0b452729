import type { JsonObject } from '@bufbuild/protobuf';
import type { OpenExchange } from '../exchanges/exchange-log.ts';
import { toolPrefix } from '../mcp/names.ts';
import type { ToolDiscovery } from '../mcp/tools.ts';
import type { Account } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { builtInTools } from './built-in.ts';
import { requireLocked } from './locked.ts';
import { toolNotFound } from './tool-error.ts';

export interface ToolCall {
  account: Account;
  toolName: string;
  input: JsonObject;
  signal: AbortSignal;
  /** As it came in, in the log. */
  exchange: OpenExchange | undefined;
}

export interface ToolAnswer {
  data: JsonObject;
  executionId: string;
}

/** Executes a tool once, whichever kind it is of. Throws a Refusal, for what the provider or the tool failed with one that says TOOL_ERROR. */
export async function executeTool(
  state: SandboxState,
  discover: ToolDiscovery,
  call: ToolCall,
): Promise<ToolAnswer> {
  const { account, toolName, input } = call;
  const { connection } = account;
  if (connection.locked !== undefined) await requireLocked(connection, connection.locked, toolName, input);
  const contract = builtInTools(connection.connector)?.contracts.get(toolName);
  if (contract) {
    // With all that runs contracts: most sandboxes have none.
    const { executeBuiltIn } = await import('./execute-built-in.ts');
    return executeBuiltIn(state, contract, call);
  }
  const isOfServer = connection.pattern.is_mcp === true && toolName.startsWith(toolPrefix(connection.name));
  if (!isOfServer) throw toolNotFound(toolName);
  const { executeMcpTool } = await import('../mcp/execute.ts');
  return executeMcpTool(state, discover, call);
}

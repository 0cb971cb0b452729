import { z } from 'zod';
import { randomId } from '../ids.ts';
import { ensureFresh } from '../oauth/refresh.ts';
import { Refusal } from '../refusal.ts';
import type { Account } from '../state/accounts.ts';
import { requireActive } from '../state/find-account.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import type { ToolAnswer, ToolCall } from '../tools/execute.ts';
import { toolError, toolNotFound } from '../tools/tool-error.ts';
import { plainJson } from '../tools/tool-list.ts';
import { withMcpServer } from './client.ts';
import { toolPrefix } from './names.ts';
import type { ToolDiscovery } from './tools.ts';

export async function executeMcpTool(
  state: SandboxState,
  discover: ToolDiscovery,
  call: ToolCall,
): Promise<ToolAnswer> {
  const { account, toolName, input, signal } = call;
  await ensureFresh(state, account);
  requireActive(account, state.now());
  state.accounts.touch(account);

  const executionId = randomId('exec_');
  try {
    const params = { name: toolName.slice(toolPrefix(account.connection.name).length), arguments: input };
    const result = await withMcpServer(state, account, { executionId, signal }, (ask) =>
      ask({ method: 'tools/call', params }, toolResult),
    );
    if (result.isError) throw toolError(['unknown', 'TOOL_EXECUTION_FAILED', textOf(result)], executionId);
    const { content, structuredContent } = result;
    return { data: plainJson({ content, structuredContent }), executionId };
  } catch (error) {
    if (await isUnknownTool(discover, account, toolName, error)) throw toolNotFound(toolName);
    throw error;
  }
}

/** Servers say "no such tool" each in their own way; their list says it in one. Asked only after a failure, so that a call is one call. */
async function isUnknownTool(
  discover: ToolDiscovery,
  account: Account,
  toolName: string,
  failure: unknown,
): Promise<boolean> {
  if (!(failure instanceof Refusal) || !['unknown', 'invalid_argument', 'not_found'].includes(failure.code))
    return false;
  try {
    // What is locked is known, whatever has become of it.
    if (account.connection.locked?.has(toolName)) return false;
    return !(await discover(account)).tools.some((tool) => tool.name === toolName);
  } catch {
    return false;
  }
}

/** No more than what is looked at: kinds of content and properties that the SDK does not know are passed on as they came. */
const toolResult = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  structuredContent: z.looseObject({}).optional(),
  isError: z.boolean().optional(),
});

function textOf({ content }: z.output<typeof toolResult>): string {
  const text = content
    .flatMap(({ type, text: words }) => (type === 'text' && typeof words === 'string' ? [words] : []))
    .join('\n');
  return text || 'the tool reported an error';
}

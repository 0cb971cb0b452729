import { requireConnectionName, requireIdentifier } from '../accounts/select.ts';
import type { App } from '../app.ts';
import type { Caller } from '../contracts/call.ts';
import type { CustomTool } from '../contracts/tool.ts';

/** What a custom tool leaves open, from the flags and variables; on a terminal what is missing is asked for. */
export async function callerOf(app: App, tool: CustomTool): Promise<Caller> {
  if (tool.kind === 'module') return { identifier: await app.settings.identifier() };
  const { name, request } = tool.contract;
  const { connection: given } = app.options;
  if (request.connection !== undefined && given !== undefined && given !== request.connection) {
    app.terminal.notice(
      `${name} names its connection itself, ${request.connection}: -c ${given} is not used.`,
    );
  }
  const connectionName = request.connection ?? (await requireConnectionName(app));
  const identifier =
    request.identifier === undefined
      ? await requireIdentifier(app, connectionName)
      : await app.settings.identifier();
  return { connectionName, identifier };
}

import type { App } from '../app.ts';
import { JsonText } from '../terminal/terminal.ts';
import { visibleLine } from '../terminal/visible.ts';
import type { PreparedCall } from './prepared-call.ts';
import { maskInput } from './secret-input.ts';
import type { ListedTool } from './toolbox.ts';

/** Prints the call as it would be made, secrets masked. */
export async function showCall(
  { terminal, redactor }: App,
  { inputSchema }: Pick<ListedTool, 'inputSchema'>,
  call: PreparedCall,
): Promise<void> {
  const { toolName, connectionName, identifier } = call;
  const input = redactor.apply(JSON.stringify(maskInput(inputSchema, call.input)));
  if (terminal.isJson) {
    const head = JSON.stringify({ toolName, connectionName, identifier }).slice(0, -1);
    await terminal.printJson(new JsonText(`${head},"input":${input}}`));
  } else {
    const account = [
      ...(connectionName === null ? [] : [` on ${connectionName}`]),
      ...(identifier === null ? [] : [` for ${identifier}`]),
    ];
    await terminal.print(
      `${terminal.outStyle.bold(visibleLine(toolName))}${visibleLine(account.join(''))}\n`,
    );
    await terminal.printJson(new JsonText(input));
  }
  terminal.notice('Nothing was sent (--dry-run).');
}

import type { App } from '../app.ts';
import { headersByName } from '../http/headers.ts';
import { isJson } from '../json/indent.ts';
import { maskJson } from '../json/mask.ts';
import { maskHeader, maskQuery } from '../redact.ts';
import type { ProxyCall } from '../scalekit/proxy-input.ts';
import { JsonText } from '../terminal/terminal.ts';
import { visible, visibleLine } from '../terminal/visible.ts';
import type { PreparedCall } from './prepared-call.ts';
import { maskInput } from './secret-input.ts';
import type { ListedTool, ToolBox } from './toolbox.ts';

/** Prints the call as it would be made, and what a contract would send to the provider; secrets masked. */
export async function showCall(
  { terminal, redactor }: App,
  box: Pick<ToolBox, 'request'>,
  tool: ListedTool,
  { toolName, connectionName, identifier, input: given }: PreparedCall,
): Promise<void> {
  const masked = maskInput(tool.inputSchema, given);
  const call = await box.request(tool, masked);
  const request = call === undefined ? undefined : shownRequest(call, (text) => redactor.apply(text));
  const input = redactor.apply(JSON.stringify(masked));
  if (terminal.isJson) {
    const head = JSON.stringify({ toolName, connectionName, identifier }).slice(0, -1);
    const tail = request === undefined ? '' : `,"request":${JSON.stringify(request)}`;
    await terminal.printJson(new JsonText(`${head},"input":${input}${tail}}`));
  } else {
    const account = [
      ...(connectionName === null ? [] : [` on ${connectionName}`]),
      ...(identifier === null ? [] : [` for ${identifier}`]),
    ];
    await terminal.print(
      `${terminal.outStyle.bold(visibleLine(toolName))}${visibleLine(account.join(''))}\n`,
    );
    await terminal.printJson(new JsonText(input));
    if (request !== undefined) await terminal.print(requestText(request, terminal.outStyle));
  }
  terminal.notice('Nothing was sent (--dry-run).');
}

interface ShownRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[]>;
  /** As text; null for none. */
  body: string | null;
}

function shownRequest({ method, path, headers = [], body }: ProxyCall, redact: (text: string) => string) {
  const shown = headers.map(([name, value]) => [name, redact(maskHeader(name, value))] as const);
  const text = body instanceof Uint8Array ? redact(Buffer.from(body).toString('utf8')) : null;
  return {
    method,
    path: redact(maskQuery(path)),
    headers: headersByName(shown),
    body: text !== null && isJson(text) ? maskJson(text) : text,
  } satisfies ShownRequest;
}

function requestText({ method, path, headers, body }: ShownRequest, style: App['terminal']['outStyle']) {
  const named = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `${style.blue(visibleLine(name))}: ${visibleLine(value)}`),
  );
  const lines = [style.bold(visibleLine(`${method} ${path}`)), ...named];
  return `${lines.join('\n')}\n${body === null ? '' : `${visible(body)}\n`}`;
}

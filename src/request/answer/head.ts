import type { App } from '../../app.ts';
import { maskCookie } from '../../redact.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import type { Style } from '../../terminal/style.ts';
import { visible } from '../../terminal/visible.ts';

/** Prints the status line and the headers as they came, an empty line after them. Cookies are credentials, and masked. */
export async function showHead(
  { io, terminal }: Pick<App, 'io' | 'terminal'>,
  { status, statusText, headers }: ProxyResponse,
): Promise<void> {
  const shown = (text: string) => (io.stdout.isTTY === true ? visible(text) : text);
  const { outStyle } = terminal;
  const lines = [
    `${statusStyle(outStyle, status)(`HTTP/1.1 ${status}`)} ${shown(statusText)}`,
    ...headers.map(([name, value]) => `${outStyle.blue(shown(name))}: ${shown(maskCookie(name, value))}`),
  ];
  await terminal.print(`${lines.join('\n')}\n\n`);
}

function statusStyle(style: Style, status: number): Style {
  if (status >= 400) return style.red;
  return status >= 300 ? style.yellow : style.green;
}

import type { App } from '../app.ts';
import { headersByName } from '../http/headers.ts';
import { indentJson } from '../json/indent.ts';
import { maskCookie, maskHeader, maskQuery } from '../redact.ts';
import { jsonPaint } from '../terminal/json-paint.ts';
import { JsonText } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';
import type { TypedCall } from './call/typed-call.ts';
import { type ShownBody, shownBody } from './dry-run-body.ts';

/** Prints the request as it would leave, secrets masked. Sends nothing, and opens neither a file nor stdin. */
export async function showRequest(app: App, typed: TypedCall): Promise<void> {
  const { terminal } = app;
  const scalekit = await app.scalekit();
  const { method, target, url, headers } = await scalekit.describe(typed.call);
  const shown = headers.map(([name, value]) => [name, app.redactor.apply(masked(name, value))] as const);
  const body = shownBody(typed, app.redactor);
  if (terminal.isJson) {
    const head = { method, url: maskQuery(url), headers: headersByName(shown) };
    await terminal.printJson(documentOf(head, body));
  } else {
    const { outStyle } = terminal;
    const safe = app.io.stdout.isTTY === true ? visible : (text: string) => text;
    const lines = [
      `${outStyle.bold(safe(`${method} ${maskQuery(target)}`))} HTTP/1.1`,
      ...shown.map(([name, value]) => `${outStyle.blue(safe(name))}: ${safe(value)}`),
    ];
    await terminal.print(`${lines.join('\n')}\n\n${bodyText(app, body)}`);
  }
  terminal.notice('Nothing was sent (--dry-run).');
}

function masked(name: string, value: string): string {
  return /^(set-)?cookie$/i.test(name) ? maskCookie(name, value) : maskHeader(name, value);
}

function bodyText({ terminal }: Pick<App, 'terminal'>, body: ShownBody): string {
  if (body.kind === 'none') return '';
  const { isForPerson, outStyle } = terminal;
  const text = 'words' in body ? body.words : body.text;
  if (!isForPerson) return ended(text);
  return ended(body.kind === 'json' ? indentJson(text, 2, jsonPaint(outStyle)) : visible(text));
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** `body` is null where there is none, and where it is elsewhere: then `bodySource` says where. */
function documentOf(head: object, body: ShownBody): JsonText {
  const start = JSON.stringify(head).slice(0, -1);
  const { value, ...rest } = bodyFields(body);
  return new JsonText(`${start},"body":${value},${JSON.stringify(rest).slice(1)}`);
}

/** `value` is JSON text. */
function bodyFields(body: ShownBody): { value: string; bodyEncoding: string | null; bodySource?: object } {
  if (body.kind === 'json') return { value: indentJson(body.text, 0), bodyEncoding: 'json' };
  if (body.kind === 'text') return { value: JSON.stringify(body.text), bodyEncoding: 'utf8' };
  if (body.kind === 'bytes') {
    return { value: JSON.stringify(Buffer.from(body.bytes).toString('base64')), bodyEncoding: 'base64' };
  }
  const none = { value: 'null', bodyEncoding: null };
  return body.kind === 'none' ? none : { ...none, bodySource: body.source };
}

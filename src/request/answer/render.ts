import type { App } from '../../app.ts';
import { type SkConnectError, usageError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import { indentJson, isJson } from '../../json/indent.ts';
import { maskCookie } from '../../redact.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import { jsonPaint } from '../../terminal/json-paint.ts';
import { JsonText } from '../../terminal/terminal.ts';
import { visible } from '../../terminal/visible.ts';
import { asText, brokenBody, decodedBody, isJsonType, readBody } from './content.ts';
import { saveBody } from './output-file.ts';

export interface RenderOptions {
  include?: boolean;
  /** A file, or `-` for stdout whatever it is. */
  output?: string;
  /** When the call was sent, as `performance.now()` tells it. */
  sentAt: number;
}

/** Prints an answer as it was asked for. Returns the body's first bytes where they were needed, for telling an error. */
export async function renderResponse(
  app: App,
  response: ProxyResponse,
  options: RenderOptions,
): Promise<Uint8Array> {
  const { terminal } = app;
  // An error's body is small and says what went wrong: it is shown, never saved as the file that was wanted.
  const toFile = response.status < 400 && options.output !== undefined && options.output !== '-';
  if (terminal.isJson && toFile) return saveAndDescribe(app, response, options);
  if (terminal.isJson) return renderJson(app, response, options.sentAt);
  if (options.include) await terminal.print(headText(response, terminal.isForPerson));
  if (toFile) return save(app, response, options.output ?? '');
  if (terminal.isForPerson && options.output !== '-') return show(app, response);
  return passOn(app, response);
}

async function renderJson(app: App, response: ProxyResponse, sentAt: number): Promise<Uint8Array> {
  const { terminal, options } = app;
  const body = await readBody(response);
  const { encoding, text } = encodeBody(body, headerValue(response.headers, 'content-type'));
  // --jq alone filters what the provider answered; with --json the document about it.
  if (options.json === true) await terminal.printJson(responseDocument(response, sentAt, text, encoding));
  else if (response.status >= 400) await terminal.print(body);
  else if (encoding === 'json') await terminal.printJson(new JsonText(text));
  else throw notJson(response);
  return body;
}

function notJson(response: ProxyResponse): SkConnectError {
  const contentType = headerValue(response.headers, 'content-type') ?? 'of no declared type';
  return usageError(
    `--jq filters JSON, and the provider answered ${response.status} with a body ${contentType}`,
    'Leave --jq out to see it.',
    {
      code: 'not_json',
      httpStatus: response.status,
    },
  );
}

function responseDocument(
  response: ProxyResponse,
  sentAt: number,
  body: string,
  bodyEncoding: string | null,
): JsonText {
  const { status, statusText } = response;
  const head = JSON.stringify({ status, statusText, headers: headersByName(response) });
  const tail = JSON.stringify({ bodyEncoding, durationMs: Math.round(performance.now() - sentAt) });
  return new JsonText(`${head.slice(0, -1)},"body":${body},${tail.slice(1)}`);
}

/** Under `--json` the body goes to its file and the document says so: it is null there. */
async function saveAndDescribe(
  app: App,
  response: ProxyResponse,
  { output = '', sentAt }: RenderOptions,
): Promise<Uint8Array> {
  const nothing = await save(app, response, output);
  await app.terminal.printJson(responseDocument(response, sentAt, 'null', null));
  return nothing;
}

/** JSON stays as its text, so that number literals survive; other text becomes a string, bytes become base64. */
function encodeBody(
  body: Buffer,
  contentType: string | undefined,
): { encoding: 'json' | 'utf8' | 'base64'; text: string } {
  const decoded = asText(body, contentType);
  if (decoded === undefined) return { encoding: 'base64', text: JSON.stringify(body.toString('base64')) };
  if (decoded !== '' && isJsonType(contentType) && isJson(decoded))
    return { encoding: 'json', text: indentJson(decoded, 0) };
  return { encoding: 'utf8', text: JSON.stringify(decoded) };
}

/** By lower-case name; a repeated one is a list. Cookies are credentials, and masked. */
function headersByName({ headers }: ProxyResponse): Record<string, string | string[]> {
  const byName = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), maskCookie(key, value)]);
  }
  return Object.fromEntries(
    [...byName].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

function headText({ status, statusText, headers }: ProxyResponse, isForPerson: boolean): string {
  const lines = [
    `HTTP/1.1 ${status} ${statusText}`,
    ...headers.map(([name, value]) => `${name}: ${maskCookie(name, value)}`),
  ];
  const text = `${lines.join('\n')}\n\n`;
  return isForPerson ? visible(text) : text;
}

async function save(app: App, response: ProxyResponse, name: string): Promise<Uint8Array> {
  const bytes = await saveBody(decodedBody(response), app.io.cwd, name, app.signal);
  app.terminal.notice(`Saved ${bytes.toLocaleString('en')} bytes to ${name}`);
  return new Uint8Array();
}

/** For a person: JSON laid out and coloured, other text with its control characters made visible. */
async function show({ terminal }: App, response: ProxyResponse): Promise<Uint8Array> {
  const body = await readBody(response);
  if (body.length === 0) return body;
  const contentType = headerValue(response.headers, 'content-type');
  const text = asText(body, contentType);
  if (text === undefined) throw binaryOnTerminal(response, body, contentType);
  const bare = text.replace(/^\uFEFF/, '');
  const shown = isJson(bare) ? indentJson(bare, 2, jsonPaint(terminal.outStyle)) : visible(text);
  await terminal.print(shown.endsWith('\n') ? shown : `${shown}\n`);
  return body;
}

function binaryOnTerminal(
  { status }: ProxyResponse,
  body: Uint8Array,
  contentType = 'of no declared type',
): SkConnectError {
  return usageError(
    `the provider answered ${status} with ${body.length.toLocaleString('en')} bytes (${contentType}) that would garble the terminal`,
    'Save them with --output FILE, or pass them on with --output -',
    { code: 'binary_on_terminal', httpStatus: status },
  );
}

const KEPT_BYTES = 64 * 1024;

/** Byte for byte, as it arrives. Keeps the beginning for an error message. */
async function passOn({ terminal }: App, response: ProxyResponse): Promise<Uint8Array> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  try {
    for await (const chunk of decodedBody(response) as AsyncIterable<Buffer>) {
      await terminal.print(chunk);
      if (keptBytes < KEPT_BYTES) kept.push(chunk);
      keptBytes += chunk.length;
    }
  } catch (error) {
    throw brokenBody(error);
  }
  return Buffer.concat(kept);
}

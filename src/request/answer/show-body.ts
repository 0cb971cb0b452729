import type { App } from '../../app.ts';
import { headerValue } from '../../http/headers.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import type { AnswerOptions } from '../options.ts';
import { binaryOnTerminal, isBinary } from './binary.ts';
import { createTextStream, textsOf } from './charset.ts';
import { gather, gatherMark } from './gather.ts';
import { type Shape, shapeOf, valueSeparator } from './media-type.ts';
import { openOutput } from './output.ts';
import { showJson } from './show-json.ts';
import { showText } from './show-text.ts';
import { showEvents, showValues } from './show-values.ts';
import { createView, type View } from './view.ts';

type Chunks = AsyncIterable<Buffer>;

/** Prints a body: for a person laid out and harmless, with `--pretty` laid out, else byte for byte. */
export async function showBody(
  app: App,
  response: ProxyResponse,
  chunks: Chunks,
  options: Pick<AnswerOptions, 'raw' | 'pretty' | 'output'>,
): Promise<void> {
  const isLaidOut = app.io.stdout.isTTY === true || options.pretty === true;
  if (!isLaidOut || options.raw === true || options.output === '-') return passOn(app, chunks);
  const view = createView(app);
  const contentType = headerValue(response.headers, 'content-type');
  const start = await gatherMark(chunks);
  if (start.head.length === 0) return;
  if (view.isTerminal && isBinary(start.head, contentType)) return refuseBinary(app, response, start.chunks);
  const text = () => textsOf(start.chunks, createTextStream(contentType, start.head));
  switch (readAs(contentType, start.head)) {
    case 'values':
      await showValues(view, text(), valueSeparator(contentType), options.pretty === true ? 2 : 0);
      break;
    case 'events':
      if (view.isTerminal) await showEvents(view, text());
      else return passOn(app, start.chunks);
      break;
    case 'json': {
      const untouched = await showJson(view, start.chunks, contentType);
      if (untouched === undefined) break;
      return showPlain(app, view, untouched, contentType);
    }
    default:
      return showPlain(app, view, start.chunks, contentType);
  }
  await view.out.end();
}

/** Where the type leaves it open, what begins as an object or array is tried as JSON. */
function readAs(contentType: string | undefined, head: Uint8Array): Shape {
  const shape = shapeOf(contentType);
  if (shape !== 'unknown' && !/^text\/plain\b/i.test(contentType ?? '')) return shape;
  return /^\s*[{[]/.test(createTextStream(contentType, head).write(head)) ? 'json' : 'text';
}

async function showPlain(
  app: App,
  view: View,
  chunks: Chunks,
  contentType: string | undefined,
): Promise<void> {
  if (!view.isTerminal) return passOn(app, chunks);
  const { head, chunks: all } = await gatherMark(chunks);
  await showText(view, textsOf(all, createTextStream(contentType, head)));
  await view.out.end();
}

/** Byte for byte, as it arrives. */
async function passOn(app: App, chunks: Chunks): Promise<void> {
  const out = openOutput(app);
  for await (const chunk of chunks) await out.write(chunk);
  await out.end();
}

async function refuseBinary({ terminal }: App, response: ProxyResponse, chunks: Chunks): Promise<void> {
  const error = binaryOnTerminal(response, declaredBytes(response) ?? (await countedBytes(chunks)));
  // What an error's status says matters more than what is left out.
  if (response.status < 400) throw error;
  terminal.notice(`${error.message}. ${error.hint}`);
}

function declaredBytes({ headers }: ProxyResponse): number | undefined {
  const declared = headerValue(headers, 'content-length');
  const isEncoded = headerValue(headers, 'content-encoding') !== undefined;
  return declared === undefined || isEncoded ? undefined : Number(declared);
}

/** Where it is small; a large one is not downloaded for that. */
async function countedBytes(chunks: Chunks): Promise<number | undefined> {
  const { head, isAll } = await gather(chunks, 65_536, 500);
  return isAll ? head.length : undefined;
}

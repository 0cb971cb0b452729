import type { App } from '../../app.ts';
import { type SkConnectError, usageError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import { isJson } from '../../json/indent.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import { JsonText } from '../../terminal/terminal.ts';
import { createTextStream, textsOf } from './charset.ts';
import { asText } from './content.ts';
import { gatherMark } from './gather.ts';
import type { KeptBody } from './kept-body.ts';
import { createLines } from './lines.ts';
import { shapeOf, valueSeparator } from './media-type.ts';

/** Prints what `--jq` makes of a body: all of it at once, or value by value and event by event as they come. */
export async function filterBody(
  { terminal }: Pick<App, 'terminal'>,
  response: ProxyResponse,
  body: KeptBody,
): Promise<void> {
  const contentType = headerValue(response.headers, 'content-type');
  const shape = shapeOf(contentType);
  if (shape !== 'values' && shape !== 'events') {
    await body.readAhead(Number.POSITIVE_INFINITY);
    if (body.kept().length === 0) throw notJson(response, 'an empty body');
    const json = asText(body.kept(), contentType)?.replace(/^\uFEFF/, '');
    if (json === undefined || !isJson(json)) throw notJson(response);
    return terminal.printJson(new JsonText(json));
  }
  const { head, chunks: all } = await gatherMark(body.chunks);
  const texts = textsOf(all, createTextStream(contentType, head));
  const values =
    shape === 'values' ? valuesOf(response, texts, valueSeparator(contentType)) : eventData(texts);
  // What comes together is filtered together: a run of jq for every value would take many times as long.
  for await (const several of values) {
    if (several.length > 0) await terminal.printJson(new JsonText(several.join('\n')));
  }
}

async function* valuesOf(
  response: ProxyResponse,
  texts: AsyncIterable<string>,
  separator: string,
): AsyncGenerator<string[]> {
  const lines = createLines(separator);
  const checked = (found: readonly string[]) => {
    const values = found.filter((line) => line.trim() !== '');
    if (!values.every(isJson)) throw notJson(response);
    return values;
  };
  for await (const text of texts) yield checked(lines.write(text));
  yield checked(lines.end());
}

/** The data of server-sent events, where it is JSON: some end with a word, as `[DONE]`. */
async function* eventData(texts: AsyncIterable<string>): AsyncGenerator<string[]> {
  const { createParser } = await import('eventsource-parser');
  let found: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      if (isJson(data)) found.push(data);
    },
  });
  const taken = () => {
    const all = found;
    found = [];
    return all;
  };
  for await (const text of texts) {
    parser.feed(text);
    yield taken();
  }
  // An event that the end cut off is one all the same.
  parser.feed('\n\n');
  yield taken();
}

function bodyOf({ headers }: ProxyResponse): string {
  return `a body ${headerValue(headers, 'content-type') ?? 'of no declared type'}`;
}

function notJson(response: ProxyResponse, what = bodyOf(response)): SkConnectError {
  return usageError(
    `--jq filters JSON, and the provider answered ${response.status} with ${what}`,
    'Leave --jq out to see it.',
    { code: 'not_json', httpStatus: response.status },
  );
}

import type { App } from '../../app.ts';
import { createJsonLayout, type JsonLayout, type JsonPaint } from '../../json/layout.ts';
import { jsonPaint } from '../../terminal/json-paint.ts';
import type { RequestOptions } from '../options.ts';

/** Where the items of the pages go. */
export interface PageOutput {
  /** Items as JSON texts of one line each. */
  write(items: readonly string[]): Promise<void>;
  /** Completes what was begun; without a `write` before it, it prints the empty list. */
  end(): Promise<void>;
}

type Print = (text: string) => Promise<void>;
type Look = { paint?: JsonPaint };

/** One JSON document, or with `--stream` a value a line; as it comes, unless `--jq` filters all of it. */
export function openPageOutput(app: App, options: RequestOptions, print: Print): PageOutput {
  const isOnTerminal = app.io.stdout.isTTY === true && options.output === undefined;
  const look = isOnTerminal ? { paint: jsonPaint(app.terminal.outStyle) } : {};
  // With --json it filters the document about the pages, which is printed elsewhere.
  const isFiltered = app.options.jq !== undefined && app.options.json !== true;
  if (options.stream === true) return isFiltered ? filteredLines(app, print, look) : lines(print, look);
  if (isFiltered) return filtered(app, print, look);
  const isLaidOut = isOnTerminal || options.pretty === true;
  return joined(print, isLaidOut ? createJsonLayout(look) : undefined);
}

/** `[`, the items as they come, `]`. An item begins a line of its own, also where nothing else is laid out. */
function joined(print: Print, layout: JsonLayout | undefined): PageOutput {
  let before = '[';
  const shown = (text: string) => layout?.write(text) ?? text;
  return {
    write: async (items) => {
      if (items.length === 0) return;
      const text = `${before}${items.join(',\n')}`;
      before = ',\n';
      await print(shown(text));
    },
    end: () => print(`${shown(before === '[' ? '[]' : ']')}${layout?.end() ?? ''}\n`),
  };
}

function lines(print: Print, look: Look): PageOutput {
  return {
    write: async (items) => {
      if (items.length === 0) return;
      const text = items.join('\n');
      if (look.paint === undefined) return print(`${text}\n`);
      const layout = createJsonLayout({ indent: 0, isSequence: true, ...look });
      await print(`${layout.write(text)}${layout.end()}\n`);
    },
    end: async () => {},
  };
}

/** Each item filtered by itself; a page at a time, as starting jq costs more than an item. */
function filteredLines(app: App, print: Print, look: Look): PageOutput {
  return {
    write: async (items) => {
      if (items.length > 0) await filter(app, items.join('\n'), print, { isCompact: true, ...look });
    },
    end: async () => {},
  };
}

/** The whole document, which is held. */
function filtered(app: App, print: Print, look: Look): PageOutput {
  const all: string[] = [];
  return {
    write: async (items) => {
      for (const item of items) all.push(item);
    },
    end: () => filter(app, `[${all.join(',')}]`, print, look),
  };
}

/** Prints what jq made of it before it failed, too. */
async function filter(
  app: App,
  json: string,
  print: Print,
  look: Look & { isCompact?: boolean },
): Promise<void> {
  const { formatOutputs, jqResults } = await import('../../json/jq.ts');
  const leftMs = app.timeLeftMs();
  const mostMs = leftMs > 0 && Number.isFinite(leftMs) ? leftMs : undefined;
  const { outputs, failure, messages } = await jqResults(app.options.jq ?? '.', json, { mostMs });
  await print(formatOutputs(outputs, { isRaw: app.options.rawOutput === true, ...look }));
  if (messages !== '') app.terminal.notice(messages);
  if (failure !== undefined) throw failure;
}

import type { App } from '../../app.ts';
import { createJsonLayout, type JsonPaint } from '../../json/layout.ts';
import { JsonText } from '../../terminal/terminal.ts';
import { createView } from '../answer/view.ts';
import type { RequestOptions } from '../options.ts';

/** Where the items of the pages go. */
export interface PageOutput {
  /** Items as JSON texts of one line each. */
  write(items: readonly string[]): Promise<void>;
  /** Completes what was begun; without a `write` before it, it prints the empty list. */
  end(): Promise<void>;
}

type Print = (text: string) => Promise<void>;

/** One JSON document, or with `--stream` a value a line; as it comes, unless `--jq` filters all of it. */
export function openPageOutput(app: App, options: RequestOptions, print: Print): PageOutput {
  const isForFile = options.output !== undefined;
  const { paint } = createView(app);
  const isPainted = !isForFile && app.io.stdout.isTTY === true && paint !== undefined;
  const look = isPainted ? { paint } : {};
  if (options.stream === true) {
    return app.options.jq === undefined
      ? lines(print, look)
      : filteredLines(app, app.options.jq, print, look);
  }
  if (app.terminal.isJson && !isForFile) return filtered(app);
  const isLaidOut = options.pretty === true || isPainted;
  return joined(print, isLaidOut ? createJsonLayout(look) : undefined);
}

/** `[`, the items as they come, `]`. An item begins a line of its own, also where nothing else is laid out. */
function joined(print: Print, layout: ReturnType<typeof createJsonLayout> | undefined): PageOutput {
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

function lines(print: Print, look: { paint?: JsonPaint }): PageOutput {
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
function filteredLines(app: App, jq: string, print: Print, look: { paint?: JsonPaint }): PageOutput {
  const isRaw = app.options.rawOutput === true;
  return {
    write: async (items) => {
      if (items.length === 0) return;
      const { formatOutputs, jqResults } = await import('../../json/jq.ts');
      const { outputs, failure } = await jqResults(jq, items.join('\n'));
      await print(formatOutputs(outputs, { isRaw, isCompact: true, ...look }));
      if (failure !== undefined) throw failure;
    },
    end: async () => {},
  };
}

/** The whole document, for `--jq`. */
function filtered({ terminal }: App): PageOutput {
  const all: string[] = [];
  return {
    write: async (items) => {
      for (const item of items) all.push(item);
    },
    end: () => terminal.printJson(new JsonText(`[${all.join(',')}]`)),
  };
}

import type { GlobalOptions } from '../config/options.ts';
import { indentJson } from '../json/indent.ts';
import { formatOutputs, jqResults } from '../json/jq.ts';
import { createJsonLayout } from '../json/layout.ts';
import { type Io, write } from './io.ts';
import { jsonPaint } from './json-paint.ts';
import { type Style, styleFor } from './style.ts';
import { visible } from './visible.ts';

/**
 * Where an invocation's words go: the result to stdout and nothing else there; progress, notices and
 * traces to stderr.
 */
export interface Terminal {
  /** Whether the result is read by a person: stdout is a terminal, and not under `--json`. */
  readonly isForPerson: boolean;
  readonly isJson: boolean;
  /** Whether something can be asked: stdin and stderr are terminals, and none of `--json`, `--no-input`, CI. */
  readonly canPrompt: boolean;
  /** Whether a spinner or a redrawn view may be drawn on stderr. */
  readonly canAnimate: boolean;
  /** Of the result, in columns. */
  readonly width: number;
  readonly outStyle: Style;
  readonly errStyle: Style;
  /** Part of the result, as it is. Waits while the reader is slow. */
  print(text: string | Uint8Array): Promise<void>;
  /** The result as one JSON document: indented for a person at a terminal, on one line in a pipe. With `--jq` what that makes of it. */
  printJson(document: JsonText | object): Promise<void>;
  /** As `printJson`, for JSON text that comes in parts: each is printed as it comes, unless `--jq` needs all of them. */
  printJsonParts(parts: AsyncIterable<string>): Promise<void>;
  /** Plain text for stderr, unless `--quiet`; painted where stderr shows colour. */
  notice(text: string, paint?: Paint): void;
  /** As `notice`, even under `--quiet`. */
  error(text: string, paint?: Paint): void;
}

/** A document that is JSON text already, so that number literals in it survive. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Paint = (text: string) => string;

export function createTerminal(io: Io, options: GlobalOptions): Terminal {
  const noColor = options.color === false;
  const outStyle = styleFor(io.stdout, io.env, noColor);
  const isJson = options.json === true || options.jq !== undefined;
  const stdoutIsTerminal = io.stdout.isTTY === true;
  const stderrIsTerminal = io.stderr.isTTY === true;
  const isCi = isCiEnvironment(io.env);
  const print = (text: string | Uint8Array) => write(io.stdout, text);
  const error = (text: string, paint: Paint = (same) => same) => {
    io.stderr.write(`${paint(stderrIsTerminal ? visible(text) : text)}\n`);
  };
  const printJson = async (document: JsonText | object): Promise<void> => {
    const text = document instanceof JsonText ? document.text : JSON.stringify(document);
    if (options.jq !== undefined) {
      const mostMs = options.timeout === undefined ? undefined : options.timeout * 1000;
      const { outputs, failure, messages } = await jqResults(options.jq, text, { mostMs });
      const paint = stdoutIsTerminal ? { paint: jsonPaint(outStyle) } : {};
      await print(formatOutputs(outputs, { isRaw: options.rawOutput === true, ...paint }));
      if (messages !== '' && !options.quiet) error(messages);
      if (failure !== undefined) throw failure;
      return;
    }
    return print(`${stdoutIsTerminal ? indentJson(text, 2, jsonPaint(outStyle)) : text}\n`);
  };
  return {
    isForPerson: stdoutIsTerminal && !isJson,
    isJson,
    // stdin comes last: looking at it opens it.
    canPrompt: stderrIsTerminal && !isJson && options.mayAsk !== false && !isCi && io.stdin.isTTY === true,
    canAnimate:
      stderrIsTerminal &&
      'cursorTo' in io.stderr &&
      // A pseudo-terminal of unknown width has 0, by which ora divides: it would clear lines without end.
      io.stderr.columns !== 0 &&
      !isJson &&
      !options.quiet &&
      !isCi &&
      io.env['TERM'] !== 'dumb',
    // Some pseudo-terminals have 0.
    width: io.stdout.columns || 80,
    outStyle,
    errStyle: styleFor(io.stderr, io.env, noColor),
    print,
    printJson,
    printJsonParts: async (parts) => {
      if (options.jq !== undefined) {
        let text = '';
        for await (const part of parts) text += part;
        return printJson(new JsonText(text));
      }
      const layout = stdoutIsTerminal ? createJsonLayout({ paint: jsonPaint(outStyle) }) : undefined;
      for await (const part of parts) await print(layout?.write(part) ?? part);
      return print(`${layout?.end() ?? ''}\n`);
    },
    notice: (text, paint) => {
      if (!options.quiet) error(text, paint);
    },
    error,
  };
}

function isCiEnvironment(env: Io['env']): boolean {
  const value = env['CI'];
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

import type { App } from '../../app.ts';
import type { JsonPaint } from '../../json/layout.ts';
import { jsonPaint } from '../../terminal/json-paint.ts';
import { visible } from '../../terminal/visible.ts';
import { type Output, openOutput } from './output.ts';

/** How an answer is laid out: for a person at a terminal, or by `--pretty` for whatever reads stdout. */
export interface View {
  out: Output;
  isTerminal: boolean;
  /** Of JSON; nothing where it has no colours and may stay as it is. */
  paint: JsonPaint | undefined;
  /** What is around the data. */
  dim(text: string): string;
  /** On a terminal no text may do more than be read. */
  plain(text: string): string;
}

export function createView(app: App): View {
  const { io, terminal } = app;
  const isTerminal = io.stdout.isTTY === true;
  const isPainted = isTerminal || terminal.outStyle.level > 0;
  return {
    out: openOutput(app),
    isTerminal,
    paint: isPainted ? jsonPaint(terminal.outStyle) : undefined,
    dim: (text) => terminal.outStyle.dim(text),
    plain: (text) => (isTerminal ? visible(text) : text),
  };
}

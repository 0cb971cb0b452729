import { isDeepStrictEqual } from 'node:util';
import type { App } from '../../app.ts';
import { JsonText } from '../../terminal/terminal.ts';
import { visible, visibleLine } from '../../terminal/visible.ts';
import { base64Bytes, contentOf, type Part } from './content.ts';

/** Shows an MCP result to a person: the structured content first, then each part by its kind. False where it is none. */
export async function showContent(app: App, data: string): Promise<boolean> {
  const content = contentOf(JSON.parse(data));
  if (content === undefined) return false;
  const { terminal } = app;
  const { structured, parts } = content;
  if (structured !== undefined) await showJson(app, JSON.stringify(structured));
  const shown = parts.filter((part) => structured === undefined || !isSame(part, structured));
  for (const part of shown) await showPart(app, part);
  if (structured === undefined && shown.length === 0) terminal.notice('The tool answered with no content.');
  return true;
}

/** Servers repeat the structured content as text, for clients that do not know it. */
function isSame(part: Part, structured: unknown): boolean {
  return part.kind === 'text' && isDeepStrictEqual(parsed(part.text), structured);
}

async function showPart(app: App, part: Part): Promise<void> {
  const { terminal } = app;
  const { dim } = terminal.outStyle;
  const line = (text: string) => terminal.print(`${dim(visibleLine(text))}\n`);
  if ('uri' in part && part.kind !== 'link') await line(`${part.uri}:`);
  switch (part.kind) {
    case 'text':
      if (isContainer(parsed(part.text))) return showJson(app, part.text);
      return terminal.print(`${visible(part.text)}${part.text.endsWith('\n') ? '' : '\n'}`);
    case 'blob': {
      const bytes = base64Bytes(part.base64).toLocaleString('en');
      return line(`${part.mediaType}, ${bytes} bytes (save with --output)`);
    }
    case 'link':
      return line([part.name, part.uri, part.mediaType].filter((word) => word !== undefined).join(' · '));
    default:
      return showJson(app, JSON.stringify(part.value));
  }
}

function showJson({ terminal }: App, json: string): Promise<void> {
  return terminal.printJson(new JsonText(json));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

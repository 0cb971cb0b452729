import { createJsonLayout, type JsonPaint } from './layout.ts';

/** Lays a whole JSON text out over lines, or on one line with `indent` 0, as `createJsonLayout` does. */
export function indentJson(json: string, indent = 2, paint?: JsonPaint): string {
  const layout = createJsonLayout({ indent, ...(paint === undefined ? {} : { paint }) });
  return layout.write(json) + layout.end();
}

/** Whether a text is one JSON value (RFC 8259). */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

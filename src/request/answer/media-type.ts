/**
 * How a body that says it is of this type is read: one JSON value, JSON values one after the other, server-sent
 * events, text. `unknown` says nothing of what it holds, or that it holds something else.
 */
export type Shape = 'json' | 'values' | 'events' | 'text' | 'unknown';

export function shapeOf(contentType: string | undefined): Shape {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/event-stream') return 'events';
  if (JSON_VALUES.test(type)) return 'values';
  if (/[/+]json$/.test(type)) return 'json';
  return TEXT.test(type) ? 'text' : 'unknown';
}

/** The names under which NDJSON goes, and JSON text sequences (RFC 7464). */
const JSON_VALUES =
  /^(application|text)\/((x-)?(ndjson|jsonl|jsonlines|json-lines|json-stream)|stream\+json|([\w.-]+\+)?json-seq)$/;

const TEXT =
  /^text\/|[/+](xml|yaml)$|^application\/((x-)?(yaml|javascript|ecmascript|www-form-urlencoded)|graphql|sql|toml)$/;

/** Between two values: RFC 7464 begins each with a record separator, the others end each with a line break. */
export function valueSeparator(contentType: string | undefined): string {
  return /json-seq/i.test(contentType ?? '') ? '\u001e' : '\n';
}

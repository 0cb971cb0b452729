import { describe, expect, it } from 'vitest';
import { shapeOf, valueSeparator } from '../../../src/request/answer/media-type.ts';

describe('shapeOf', () => {
  it.each([
    ['application/json', 'json'],
    ['Application/JSON; charset=utf-8', 'json'],
    ['text/json', 'json'],
    ['application/problem+json', 'json'],
    ['application/vnd.api+json;version=1', 'json'],
    ['application/x-ndjson', 'values'],
    ['application/ndjson', 'values'],
    ['application/jsonl', 'values'],
    ['application/json-lines', 'values'],
    ['application/stream+json', 'values'],
    ['application/json-seq', 'values'],
    ['application/geo+json-seq', 'values'],
    ['text/event-stream;charset=utf-8', 'events'],
    ['text/plain', 'text'],
    ['text/csv', 'text'],
    ['application/xml', 'text'],
    ['image/svg+xml', 'text'],
    ['application/atom+xml; charset=utf-8', 'text'],
    ['application/x-yaml', 'text'],
    ['application/x-www-form-urlencoded', 'text'],
    ['application/octet-stream', 'unknown'],
    ['image/png', 'unknown'],
    ['', 'unknown'],
    [undefined, 'unknown'],
  ] as const)('%s: %s', (contentType, shape) => {
    expect(shapeOf(contentType)).toBe(shape);
  });

  it('JSON text sequences are separated by RS, all others by line breaks', () => {
    expect(valueSeparator('application/json-seq')).toBe('\u001e');
    expect(valueSeparator('application/x-ndjson')).toBe('\n');
  });
});

import { describe, expect, it } from 'vitest';
import { createEditor } from '../../../src/contracts/lint/edit.ts';

const close = { path: ['s', 'additionalProperties'], value: false };

describe('a key is added', () => {
  it.each([
    [
      'behind type, its comment left where it is',
      's:\n  # first\n  type: object # of the model\n  properties: {}\nt: 1 # last\n',
      's:\n  # first\n  type: object # of the model\n  additionalProperties: false\n  properties: {}\nt: 1 # last\n',
    ],
    ['first where there is no type', 's:\n    a: 1\n', 's:\n    additionalProperties: false\n    a: 1\n'],
    ['with CRLF', 's:\r\n  type: object\r\n', 's:\r\n  type: object\r\n  additionalProperties: false\r\n'],
    [
      'at the end of a file without a line break',
      's:\n  type: object',
      's:\n  type: object\n  additionalProperties: false',
    ],
    [
      'to a mapping in braces',
      's: { type: object,   a: 1 }',
      's: { type: object,   a: 1, additionalProperties: false }',
    ],
    ['to an empty one', 's: {}', 's: { additionalProperties: false }'],
    [
      'to JSON on one line',
      '{"s":{"type":"object"}}',
      '{"s":{"type":"object", "additionalProperties": false}}',
    ],
    [
      'to JSON over lines',
      '{\n\t"s": {\n\t\t"type": "object",\n\t\t"a": [\n\t\t\t1\n\t\t]\n\t}\n}\n',
      '{\n\t"s": {\n\t\t"type": "object",\n\t\t"a": [\n\t\t\t1\n\t\t],\n\t\t"additionalProperties": false\n\t}\n}\n',
    ],
    [
      'beside a long text',
      's:\n  description: |\n    type: object\n  type: "object"\n  a: >-\n    x\n',
      's:\n  description: |\n    type: object\n  type: "object"\n  additionalProperties: false\n  a: >-\n    x\n',
    ],
  ])('%s', (_, text, expected) => {
    const editor = createEditor(text);
    expect(editor.canSet(close)).toBe(true);
    expect(editor.set([close])).toBe(expected);
  });
});

it('a value is replaced, several at once', () => {
  const text = 'list:\n  - a: true   # why\n    b: { type: object }\n  - a: yes\n';
  const fixes = [
    { path: ['list', 0, 'a'], value: false },
    { path: ['list', 0, 'b', 'additionalProperties'], value: false },
    { path: ['list', 1, 'a'], value: false },
  ];
  expect(createEditor(text).set(fixes)).toBe(
    'list:\n  - a: false   # why\n    b: { type: object, additionalProperties: false }\n  - a: false\n',
  );
});

it.each([
  ['what stands elsewhere too', 'x: &x { type: object }\ns: *x\n'],
  ['what others stand on', 's: &x { type: object }\nt: *x\n'],
  ['what is no mapping', 's: [1]\n'],
  ['what is not there', 't: 1\n'],
])('is not changed: %s', (_, text) => {
  expect(createEditor(text).canSet(close)).toBe(false);
});

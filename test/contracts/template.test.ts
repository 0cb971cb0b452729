import { describe, expect, it } from 'vitest';
import { fillPath, fillText, fillValue, placeholdersOf } from '../../src/contracts/template.ts';

const input = {
  text: 'a b',
  count: 3,
  big: 1e21,
  no: false,
  nothing: null,
  empty: '',
  list: ['x', 2],
  object: { deep: { id: 'd' }, list: [{ id: 7 }] },
  braces: '{{count}}',
  'with-dash': 'w',
};

describe('a text that is one placeholder', () => {
  it.each([
    ['{{text}}', 'a b'],
    ['{{ text }}', 'a b'],
    ['{{count}}', 3],
    ['{{no}}', false],
    ['{{nothing}}', null],
    ['{{empty}}', ''],
    ['{{list}}', ['x', 2]],
    ['{{object}}', input.object],
    ['{{object.deep.id}}', 'd'],
    ['{{object.list.0.id}}', 7],
    ['{{list.1}}', 2],
    ['{{with-dash}}', 'w'],
    ['{{braces}}', '{{count}}'],
    ['{{missing}}', undefined],
    ['{{object.missing.id}}', undefined],
    ['{{text.length}}', undefined],
    ['{{constructor}}', undefined],
    ['{{object.__proto__}}', undefined],
  ])('%s keeps its type', (text, expected) => {
    expect(fillText(text, input)).toEqual(expected);
  });
});

describe('placeholders inside of text', () => {
  it.each([
    ['no placeholder', 'no placeholder'],
    ['', ''],
    ['{{count}} of {{text}}', '3 of a b'],
    ['{{count}}{{count}}', '33'],
    [' {{count}}', ' 3'],
    ['n={{no}}', 'n=false'],
    ['n={{big}}', 'n=1e+21'],
    ['[{{empty}}]', '[]'],
    ['[{{braces}}]', '[{{count}}]'],
    ['{{{{count}}', '{{count}}'],
    ['{{{{ and {{count}}', '{{ and 3'],
    ['a }} b { c', 'a }} b { c'],
    ['from:{{missing}}', undefined],
    ['from:{{nothing}}', undefined],
    ['{{text}} {{missing}}', undefined],
  ])('%j', (text, expected) => {
    expect(fillText(text, input)).toBe(expected);
  });

  it.each([
    ['x {{list}}', 'list is a list, and a text is needed there'],
    ['x {{object.deep}}', 'object.deep is an object, and a text is needed there'],
  ])('%j is refused', (text, message) => {
    expect(() => fillText(text, input)).toThrow(message);
  });
});

describe('what opens a placeholder and is none', () => {
  it.each(['{{', 'a {{b', '{{}}', '{{a b}}', '{{a..b}}', '{{.a}}', '{{{a}}}', '{{#each a}}', '{{a}} {{b'])(
    '%s',
    (text) => {
      expect(() => placeholdersOf(text)).toThrow('opens a placeholder and is none');
    },
  );

  it('the others are found by name', () => {
    expect(placeholdersOf('/{{a}}/{{ b.c }}?d={{{{e}}')).toEqual([['a'], ['b', 'c']]);
  });
});

describe('a path', () => {
  it.each([
    ['/a/{{text}}', '/a/a%20b'],
    ['/{{count}}/{{object.deep.id}}', '/3/d'],
    ['/x?y={{with-dash}}&z=1', '/x?y=w&z=1'],
    ['/as/it%2Fis', '/as/it%2Fis'],
  ])('%s', (text, expected) => {
    expect(fillPath(text, input)).toBe(expected);
  });

  it.each([
    ['a/b', 'a%2Fb'],
    ['../../admin', '..%2F..%2Fadmin'],
    ['a?b=c#d', 'a%3Fb%3Dc%23d'],
    ['é🙂', '%C3%A9%F0%9F%99%82'],
    ['half \uD83D', 'half%20%EF%BF%BD'],
    ['{{count}}', '%7B%7Bcount%7D%7D'],
  ])('%j is encoded', (value, expected) => {
    expect(fillPath('/v/{{value}}', { value })).toBe(`/v/${expected}`);
  });

  it.each([['missing'], ['nothing'], ['empty']])('%s leaves no hole in it', (name) => {
    expect(() => fillPath(`/a/{{${name}}}/b`, input)).toThrow(`${name} is needed: it is part of the path`);
  });
});

describe('a body', () => {
  it.each([
    ['{{count}}', 3],
    [{ a: '{{count}}', b: '{{missing}}' }, { a: 3 }],
    [{ a: { b: { c: '{{missing}}', d: 1 } } }, { a: { b: { d: 1 } } }],
    [
      { a: '{{nothing}}', b: '{{empty}}' },
      { a: null, b: '' },
    ],
    [['{{missing}}', '{{count}}', 'x{{missing}}'], [3]],
    [
      { all: '{{list}}', more: ['{{list}}'] },
      { all: ['x', 2], more: [['x', 2]] },
    ],
    ['{{missing}}', undefined],
    [
      [1, true, null, 'text'],
      [1, true, null, 'text'],
    ],
    [{ '{{count}}': 'keys are no templates' }, { '{{count}}': 'keys are no templates' }],
  ])('%j', (body, expected) => {
    expect(fillValue(body, input)).toStrictEqual(expected);
  });

  it('has no property that its contract does not name', () => {
    const body = JSON.parse('{"__proto__": "{{count}}"}') as object;
    const filled = fillValue(body, input) as object;
    expect(Object.keys(filled)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(filled)).toBe(Object.prototype);
  });
});

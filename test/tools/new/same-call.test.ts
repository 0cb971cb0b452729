import { expect, it } from 'vitest';
import type { ProxyCall } from '../../../src/scalekit/proxy-input.ts';
import { difference } from '../../../src/tools/new/same-call.ts';

const call = (more: Partial<ProxyCall> = {}): ProxyCall => ({
  connectionName: 'c',
  identifier: 'i',
  method: 'POST',
  path: '/a/b%20c?x=1&y=2&y=3',
  headers: [['Content-Type', 'application/json']],
  body: Buffer.from('{"a": 1, "b": [2]}'),
  ...more,
});
const form = (text: string): Partial<ProxyCall> => ({
  headers: [['content-type', 'application/x-www-form-urlencoded']],
  body: Buffer.from(text),
});

it.each<[string, Partial<ProxyCall>, Partial<ProxyCall>]>([
  ['spelling of the path', { path: 'a/@b' }, { path: '/a/%40b' }],
  ['spelling of the query', { path: '/a?x=a+b&z' }, { path: '/a?x=a%20b&z=' }],
  ['the order of other parameters', {}, { path: '/a/b%20c?y=2&x=1&y=3' }],
  ['the layout of JSON', {}, { body: Buffer.from('{"b":[2],"a":1}') }],
  ['a charset', {}, { headers: [['content-type', 'application/json; charset=utf-8']] }],
  ['spelling of a form', form('a=1&b=x%20y'), form('b=x+y&a=1')],
])('no difference is %s', (_, one, other) => {
  expect(difference(call(one), call(other))).toBeUndefined();
});

it.each<[string, Partial<ProxyCall>]>([
  ['method', { method: 'PUT' }],
  ['path', { path: '/a/b/c?x=1&y=2&y=3' }],
  ['query', { path: '/a/b%20c?x=1&y=3&y=2' }],
  ['headers', { headers: [] }],
  ['body', { body: Buffer.from('{"a":1}') }],
])('a difference is told: %s', (expected, other) => {
  expect(difference(call(), call(other))).toBe(expected);
});

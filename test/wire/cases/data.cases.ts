import type { WireCase } from '../support/case.ts';
import { post, postJson } from '../support/message.ts';
import { failure } from '../support/printed.ts';

const TEXT = 'text/plain; charset=utf-8';
const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);

export const data: readonly WireCase[] = [
  {
    what: 'JSON keeps every literal and space',
    typed: `/x -d '{"a": 9007199254740993,"b":1e400, "a":-0.0 }'`,
    arrives: postJson('/base/x', '{"a": 9007199254740993,"b":1e400, "a":-0.0 }'),
  },
  { what: 'a JSON value alone', typed: `/x -d '"hi"'`, arrives: postJson('/base/x', '"hi"') },
  {
    what: 'text',
    typed: `/x -d 'naïve & a=b'`,
    arrives: post('/base/x', { type: TEXT, body: 'naïve & a=b' }),
  },
  { what: 'nothing', typed: `/x -d ''`, arrives: post('/base/x', { type: TEXT, body: '' }) },
  {
    what: 'a dash in the text is no stdin',
    typed: `/x -d '- item'`,
    arrives: post('/base/x', { type: TEXT, body: '- item' }),
  },
  {
    what: 'stdin, byte for byte',
    typed: '/x -d -',
    stdin: everyByte,
    arrives: post('/base/x', { type: 'application/octet-stream', body: everyByte }),
  },
  {
    what: 'JSON from stdin, with its type given',
    typed: `/x -d @- -H 'Content-Type: application/json'`,
    stdin: '{"a":1}\n',
    arrives: post('/base/x', { type: 'application/json', body: '{"a":1}\n', isChunked: true }),
    isAlsoBuilt: true,
  },
  {
    what: 'a file of JSON: its line ends and BOM too',
    typed: '/x -d @note.json',
    files: { 'note.json': '\uFEFF{"a":\r\n1}\r\n' },
    arrives: postJson('/base/x', '\uFEFF{"a":\r\n1}\r\n'),
  },
  {
    what: 'a file of any bytes',
    typed: `/x -d @all.bin -H 'Content-Type: application/octet-stream'`,
    files: { 'all.bin': everyByte },
    arrives: post('/base/x', { type: 'application/octet-stream', body: everyByte }),
    isAlsoBuilt: true,
  },
  {
    what: 'an empty file',
    typed: `PUT /x -d @none -H 'Content-Type: text/csv'`,
    files: { none: '' },
    arrives: { line: 'PUT /base/x', type: 'text/csv', body: '' },
  },
  {
    what: 'a file whose name has spaces',
    typed: `/x -d '@my note é.txt'`,
    files: { 'my note é.txt': 'a\tb' },
    arrives: post('/base/x', { type: TEXT, body: 'a\tb' }),
  },
  {
    what: 'a file that is missing',
    typed: '/x -d @nowhere.json',
    stderr: /^error: .*nowhere\.json.*\n/,
    exitCode: 2,
  },
  {
    what: 'two kinds of body',
    typed: `/x -d '{}' -f a=1`,
    stderr: failure('-d/--data and -f/-F contradict each other: a call has one body'),
    exitCode: 2,
  },
];

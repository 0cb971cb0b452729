import type { WireCase } from '../support/case.ts';
import { lines, type Message, post } from '../support/message.ts';
import { failure } from '../support/printed.ts';

const part = (head: readonly string[], content: string) =>
  lines('--{boundary}', ...head, '') + lines(content);

/** The encoder ends the body with one more line end, which RFC 2046 section 5.1.1 calls the epilogue. */
const form = (...parts: string[]): Message =>
  post('/base/x', {
    type: 'multipart/form-data; boundary={boundary}',
    body: parts.join('') + lines('--{boundary}--', ''),
  });

const disposition = (name: string, filename?: string) =>
  `Content-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}`;

export const forms: readonly WireCase[] = [
  {
    what: 'text fields, in order, repeated',
    typed: `/x --form 'b=1' --form 'a=x=y; z' --form b=`,
    arrives: form(
      part([disposition('b')], '1'),
      part([disposition('a')], 'x=y; z'),
      part([disposition('b')], ''),
    ),
  },
  {
    what: 'a file: its name and the type that follows from it',
    typed: '/x --form title=Photo --form file=@folder-photo.png',
    files: { 'folder-photo.png': 'not a \0 PNG\r\n--' },
    arrives: form(
      part([disposition('title')], 'Photo'),
      part([disposition('file', 'folder-photo.png'), 'Content-Type: image/png'], 'not a \0 PNG\r\n--'),
    ),
    isAlsoBuilt: true,
  },
  {
    what: 'a type and a filename of the caller’s',
    typed: `/x --form 'file=@data;type=text/csv;filename=other.csv'`,
    files: { data: 'a,b\n' },
    arrives: form(part([disposition('file', 'other.csv'), 'Content-Type: text/csv'], 'a,b\n')),
  },
  {
    what: 'two files under one name',
    typed: '/x --form f=@a.txt --form f=@b.json',
    files: { 'a.txt': '', 'b.json': '{}' },
    arrives: form(
      part([disposition('f', 'a.txt'), 'Content-Type: text/plain'], ''),
      part([disposition('f', 'b.json'), 'Content-Type: application/json'], '{}'),
    ),
  },
  {
    what: 'a name that says nothing',
    typed: '/x --form file=@data',
    files: { data: '?' },
    arrives: form(part([disposition('file', 'data'), 'Content-Type: application/octet-stream'], '?')),
  },
  {
    what: 'unicode, quotes and line ends in names, as browsers send them',
    typed: `/x --form $'naïve "n"\\n=1' --form 'f=@ünï.txt;filename=a"b.txt'`,
    files: { 'ünï.txt': 'ü' },
    arrives: form(
      part([disposition('naïve %22n%22%0A')], '1'),
      part([disposition('f', 'a%22b.txt'), 'Content-Type: text/plain'], 'ü'),
    ),
  },
  {
    what: 'a file that is missing',
    typed: '/x --form f=@nowhere',
    stderr: /^error: .*nowhere.*\n/,
    exitCode: 2,
  },
  {
    what: 'urlencoded',
    typed: `/x --urlencoded 'grant_type=a b' --urlencoded 'x=é&=+' --urlencoded e= --urlencoded x=2`,
    arrives: post('/base/x', {
      type: 'application/x-www-form-urlencoded',
      body: 'grant_type=a+b&x=%C3%A9%26%3D%2B&e=&x=2',
    }),
  },
  {
    what: 'urlencoded with PUT',
    typed: `PUT /x --urlencoded a=1`,
    arrives: { line: 'PUT /base/x', type: 'application/x-www-form-urlencoded', body: 'a=1' },
  },
  {
    what: 'two kinds of form',
    typed: '/x --form a=1 --urlencoded b=2',
    stderr: failure('--form and --urlencoded contradict each other: a call has one body'),
    exitCode: 2,
  },
];

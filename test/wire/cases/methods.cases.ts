import type { WireCase } from '../support/case.ts';
import { answer, get, head, post, postJson } from '../support/message.ts';
import { failure } from '../support/printed.ts';

export const methods: readonly WireCase[] = [
  { what: 'a path alone is read', typed: '/users', arrives: get('/base/users'), isAlsoBuilt: true },
  {
    what: 'with a body it is written',
    typed: `/users -d '{"a":1}'`,
    arrives: postJson('/base/users', '{"a":1}'),
  },
  { what: 'the method as a word', typed: 'DELETE /users/1', arrives: { line: 'DELETE /base/users/1' } },
  { what: 'the method as an option', typed: '-X PUT /users/1', arrives: { line: 'PUT /base/users/1' } },
  {
    what: 'the option behind the path',
    typed: '/users/1 --method=PATCH',
    arrives: { line: 'PATCH /base/users/1' },
  },
  { what: 'in lower case', typed: 'options /users', arrives: { line: 'OPTIONS /base/users' } },
  {
    what: 'of WebDAV',
    typed: 'PROPFIND /files -H "Depth: 1"',
    arrives: { line: 'PROPFIND /base/files', headers: ['depth: 1'] },
  },
  { what: 'of a provider’s own', typed: '-X m-search /devices', arrives: { line: 'M-SEARCH /base/devices' } },
  {
    what: 'HEAD prints the status line and the headers',
    typed: 'HEAD /users',
    arrives: { line: 'HEAD /base/users' },
    answers: answer('200 OK', ['X-Total: 7', 'content-length: 1234']),
    stdout: head('HTTP/1.1 200 OK', 'X-Total: 7', 'content-length: 1234'),
  },
  {
    what: 'POST without a body: no type for nothing',
    typed: 'POST /users/1/archive',
    arrives: post('/base/users/1/archive'),
  },
  {
    what: 'PUT without a body',
    typed: 'PUT /user/starred/a/b',
    arrives: { line: 'PUT /base/user/starred/a/b' },
  },
  {
    what: 'DELETE with a body',
    typed: `DELETE /labels -d '["bug"]'`,
    arrives: { line: 'DELETE /base/labels', type: 'application/json', body: '["bug"]' },
  },
  {
    what: 'GET with a body, as some searches want it',
    typed: `GET /_search -d '{"query":{}}'`,
    arrives: { line: 'GET /base/_search', type: 'application/json', body: '{"query":{}}' },
  },
  {
    what: 'the word and the option contradict each other',
    typed: 'GET /users -X POST',
    stderr: failure('the method is GET in front of the path and POST after -X'),
    exitCode: 2,
  },
];

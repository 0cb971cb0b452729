import type { WireCase } from '../support/case.ts';
import { get, post } from '../support/message.ts';
import { failure } from '../support/printed.ts';
import { API_KEY, PASSWORD } from '../support/stage.ts';

export const headers: readonly WireCase[] = [
  {
    what: 'one of the caller’s',
    typed: `/x -H 'X-Trace: a:b, c; d="e"'`,
    arrives: get('/base/x', { headers: ['x-trace: a:b, c; d="e"'] }),
  },
  {
    what: 'one line each, where one is repeated',
    typed: `/x -H 'X-One: 2' -H 'x-one: 1'`,
    arrives: get('/base/x', { headers: ['x-one: 2', 'x-one: 1'] }),
  },
  { what: 'an empty value', typed: `/x -H 'X-Empty:'`, arrives: get('/base/x', { headers: ['x-empty: '] }) },
  {
    what: 'spaces around it are not of it',
    typed: `/x -H '  X-One :   a  b  '`,
    arrives: get('/base/x', { headers: ['x-one: a  b'] }),
  },
  {
    what: 'in the order they were given',
    typed: `/x -H 'B: 1' -H 'A: 2' -H 'C: 3'`,
    arrives: get('/base/x', { headers: ['b: 1', 'a: 2', 'c: 3'] }),
  },
  {
    what: 'another Accept',
    typed: `/x -H 'Accept: application/vnd.github+json'`,
    arrives: get('/base/x', { accept: 'application/vnd.github+json' }),
  },
  {
    what: 'another Accept-Encoding',
    typed: `/x -H 'Accept-Encoding: identity'`,
    arrives: get('/base/x', { acceptEncoding: 'identity' }),
  },
  {
    what: 'a content-type over the one that follows from the body',
    typed: `/x -d '{"a":1}' -H 'content-type: application/vnd.api+json'`,
    arrives: post('/base/x', { type: 'application/vnd.api+json', body: '{"a":1}' }),
  },
  {
    what: 'a cookie of the provider’s',
    typed: `/x -H 'Cookie: a=1; b=2'`,
    arrives: get('/base/x', { headers: ['cookie: a=1; b=2'] }),
  },
  {
    what: 'an API key goes into the connector’s header, raw',
    typed: '/x',
    connection: 'keyed',
    arrives: get('/base/x', { credential: `X-API-Key: ${API_KEY}` }),
  },
  {
    what: 'Basic in UTF-8',
    typed: '/x',
    connection: 'basic',
    arrives: get('/base/x', {
      credential: `Authorization: Basic ${Buffer.from(`ann:${PASSWORD}`).toString('base64')}`,
    }),
  },
  {
    what: 'a line of its own is not smuggled in',
    typed: `/x -H $'X-A: b\\r\\nX-C: d'`,
    stderr: failure('the value of header X-A holds the control character U+000D'),
    exitCode: 2,
  },
  {
    what: 'the credential is Scalekit’s to set',
    typed: `/x -H 'Authorization: Bearer mine'`,
    stderr: failure('the header Authorization cannot be set'),
    exitCode: 2,
  },
];

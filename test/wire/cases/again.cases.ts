import type { WireCase } from '../support/case.ts';
import { answer, brokenOff, get, json, ok, post, wire } from '../support/message.ts';
import { failure } from '../support/printed.ts';

const arrives = get('/base/x');
const unavailable = answer('503 Service Unavailable', ['Retry-After: 0'], 'busy');
const next = (target: string) => `Link: <${target}>; rel="next"`;

export const retries: readonly WireCase[] = [
  {
    what: '503, then 200',
    typed: '/x --retry 2 --quiet',
    arrives: [arrives, arrives],
    answers: [unavailable, ok('hi')],
    stdout: 'hi',
    isAlsoBuilt: true,
  },
  {
    what: 'the body is sent again',
    typed: `PUT /x -d @body --retry 1 --quiet`,
    files: { body: '{"a":1}' },
    arrives: Array.from({ length: 2 }, () => ({
      line: 'PUT /base/x',
      type: 'application/json',
      body: '{"a":1}',
    })),
    answers: [unavailable, ok('hi')],
    stdout: 'hi',
  },
  {
    what: 'as often as was said, then its error',
    typed: '/x --retry 2 --quiet',
    arrives: [arrives, arrives, arrives],
    answers: [unavailable, unavailable, unavailable],
    stdout: 'busy',
    stderr: failure('the provider answered 503 Service Unavailable (tried 3 times): busy'),
    exitCode: 5,
  },
  {
    what: 'without --retry once',
    typed: '/x',
    arrives: [arrives],
    answers: [unavailable],
    stdout: 'busy',
    stderr: failure('the provider answered 503 Service Unavailable: busy', '--retry 3'),
    exitCode: 5,
  },
  {
    what: 'not what the same would not mend',
    typed: '/x --retry 2',
    arrives: [arrives],
    answers: [answer('404 Not Found')],
    stderr: failure('the provider answered 404 Not Found'),
    exitCode: 5,
  },
  {
    what: 'not a POST',
    typed: 'POST /x --retry 2',
    arrives: [post('/base/x')],
    answers: [unavailable],
    stdout: 'busy',
    stderr:
      /^503 Service Unavailable: not tried again: POST is not idempotent[^\n]*--retry-all[^\n]*\nerror: the provider answered 503 Service Unavailable: busy\n/,
    exitCode: 5,
  },
  {
    what: 'a POST with --retry-all',
    typed: 'POST /x --retry 2 --retry-all --quiet',
    arrives: [post('/base/x'), post('/base/x')],
    answers: [unavailable, ok('hi')],
    stdout: 'hi',
  },
];

export const pages: readonly WireCase[] = [
  {
    what: 'Link: absolute, mapped to a path of the connector; one document',
    typed: `/x?a=1 --paginate --quiet`,
    arrives: [get('/base/x?a=1'), get('/base/x?a=1&page=2'), get('/base/x?page=3')],
    // Relative ones are resolved against the page they came with.
    answers: [
      json('[1.10]', next('/base/x?a=1&page=2')),
      json('[9007199254740993]', next('?page=3')),
      json('[]'),
    ],
    stdout: '[1.10,\n9007199254740993]\n',
    isAlsoBuilt: true,
  },
  {
    what: '--next gives a cursor, --items says where the list is',
    typed: `/x -q n=2 --paginate --next .next --page-param cursor --items .data --stream --quiet`,
    arrives: [get('/base/x?n=2'), get('/base/x?n=2&cursor=a%2Fb%3D')],
    answers: [json('{"data":[{"id":1},{"id":2}],"next":"a/b="}'), json('{"data":[{"id":3}],"next":null}')],
    stdout: '{"id":1}\n{"id":2}\n{"id":3}\n',
  },
  {
    what: 'pages that are counted, until one is empty',
    typed: `/x --paginate --page-param page --page-size-param per=2 --stream --quiet`,
    arrives: [get('/base/x?per=2&page=1'), get('/base/x?per=2&page=2'), get('/base/x?per=2&page=3')],
    answers: [json('[1,2]'), json('[3,4]'), json('[]')],
    stdout: '1\n2\n3\n4\n',
  },
  {
    what: 'a link to itself is a loop',
    typed: `/x --paginate --quiet`,
    arrives: [get('/base/x'), get('/base/x?page=2')],
    answers: [json('[1]', next('/base/x?page=2')), json('[2]', next('/base/x?page=2'))],
    stdout: '[1,\n2]\n',
    stderr: failure('page 2 leads back to page 2'),
    exitCode: 5,
  },
  {
    what: '--max-items stops within a page',
    typed: `/x --paginate --items .data --max-items 2 --quiet`,
    arrives: [get('/base/x')],
    answers: [json('{"data":[1,2,3]}', next('/base/x?page=2'))],
    stdout: '[1,\n2]\n',
  },
  {
    what: 'a lost connection is an error, and what was there is printed',
    typed: `/x --paginate --quiet`,
    arrives: [get('/base/x'), get('/base/x?page=2')],
    answers: [
      json('[1]', next('/base/x?page=2')),
      brokenOff('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n', '[2,3'),
    ],
    stdout: /^\[1(,\n2)?\]\n$/,
    stderr: /^error: [^\n]*broke off[^\n]*\n/,
    exitCode: 6,
  },
  {
    what: 'an error on the second page: what was there is printed, exit 5',
    typed: `/x --paginate --quiet`,
    arrives: [get('/base/x'), get('/base/x?page=2')],
    answers: [json('[1]', next('/base/x?page=2')), answer('500 Internal Server Error', [], 'oops')],
    stdout: '[1]\n',
    stderr: failure('the provider answered 500 Internal Server Error: oops'),
    exitCode: 5,
  },
  {
    what: 'a link to another place is not followed',
    typed: `/x --paginate --quiet`,
    arrives: [get('/base/x')],
    answers: [json('[1]', next('https://elsewhere.example/y?page=2'))],
    stdout: '[1]\n',
    stderr: failure(
      'page 2: the link to the next page cannot be mapped to a path behind the proxy: https://elsewhere.example/y?page=2: its path does not end with /x',
      '--base-url',
    ),
    exitCode: 5,
  },
];

export const repeats: readonly WireCase[] = [
  {
    what: 'so many calls, a line for each status',
    typed: '/x --repeat 3 --quiet',
    arrives: [arrives, arrives, arrives],
    answers: [ok(), answer('429 Too Many Requests'), ok()],
    stdout: /^200\t2\t[^\n]+\n429\t1\t[^\n]+\ntotal\t3\t[^\n]+\n$/,
    stderr: /^error: /,
    exitCode: 5,
  },
];

export const expectations: readonly WireCase[] = [
  {
    what: 'all that do not hold are told, exit 1',
    typed: `/x --expect-status 200,201 --expect '.a == 2' --expect '.a == 1' --expect-header 'X-A: 1' --expect-header 'Content-Type: application/json'`,
    arrives,
    answers: answer('202 Accepted', ['Content-Type: application/json', 'X-A: 2'], '{"a":1}'),
    stdout: '{"a":1}',
    stderr: [
      'error: 3 of 5 expectations failed:',
      '  --expect-status 200,201: got 202 Accepted',
      "  --expect '.a == 2': got false",
      "  --expect-header 'X-A: 1': got 2",
      '  → What was answered is on stdout; --include shows the headers too.',
      '',
    ].join('\n'),
    exitCode: 1,
    isAlsoBuilt: true,
  },
  {
    what: 'all hold',
    typed: `/x --expect-status 2xx --expect '.a == 1' --expect-schema schema.json`,
    files: { 'schema.json': '{"type":"object","required":["a"]}' },
    arrives,
    answers: json('{"a":1}'),
    stdout: '{"a":1}',
  },
  {
    what: 'a schema that it does not fit',
    typed: `/x --expect-schema schema.json`,
    files: { 'schema.json': '{"properties":{"a":{"type":"string"}}}' },
    arrives,
    answers: json('{"a":1}'),
    stdout: '{"a":1}',
    stderr: failure('not as expected: --expect-schema schema.json: got /a must be string, not 1'),
    exitCode: 1,
  },
  {
    what: 'an error that was expected is none',
    typed: '/x --expect-status 404',
    arrives,
    answers: answer('404 Not Found', [], 'no'),
    stdout: 'no',
  },
  {
    what: 'a wrong expression is found before the call',
    typed: `/x --expect '.a =='`,
    stderr: /^error: --expect "\.a ==" is no jq expression: [^\n]+\n  → [^\n]+\n$/,
    exitCode: 2,
  },
  {
    what: 'a connection that is lost without an answer is the proxy’s to tell',
    typed: '/x',
    arrives,
    answers: brokenOff(''),
    stdout: /could not be reached/,
    stderr: failure(
      "Scalekit's proxy got no answer: the provider could not be reached (UND_ERR_SOCKET) (HTTP 502)",
    ),
    exitCode: 5,
  },
  {
    what: 'what is no HTTP',
    typed: '/x',
    arrives,
    answers: { ...wire('SSH-2.0-OpenSSH_9.2\r\n'), thenCloses: true },
    stdout: /could not be reached/,
    stderr: failure("Scalekit's proxy got no answer: the provider could not be reached (HTTP 502)"),
    exitCode: 5,
  },
];

export const previews: readonly WireCase[] = [
  {
    what: '--dry-run sends nothing, and masks secrets',
    typed: `/x -q 'api_key=k-very-secret' -H 'X-Api-Key: k-very-secret' -d '{"a":1}' --dry-run`,
    stdout:
      /^POST \/proxy\/x\?api_key=\*\*\* HTTP\/1\.1\n(?=[^]*\nx-api-key: \*\*\*\n)(?=[^]*\nauthorization: Bearer \*\*\*\n)(?![^]*very-secret)[^]*\n\n\{"a":1\}\n$/,
    stderr: 'Nothing was sent (--dry-run).\n',
  },
  {
    what: '--code curl sends nothing',
    typed: `/x -q a=1 --code curl`,
    stdout: /curl [^]*--data-urlencode a=1 [^]*\/proxy\/x"/,
  },
];

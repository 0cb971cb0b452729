import type { WireCase } from '../support/case.ts';
import { answer, get, json, postJson } from '../support/message.ts';

const typed = '/x';
const arrives = get('/base/x');
const problem = 'content-type: application/problem+json';
const isJson = 'content-type: application/json';

/** One line says what the provider said; the next one what to do. */
export const errors: readonly WireCase[] = [
  {
    what: 'problem+json: title and detail, request id, Retry-After',
    typed,
    arrives,
    answers: answer(
      '429 Too Many Requests',
      [problem, 'X-Request-Id: req_7', 'Retry-After: 17'],
      '{"type":"about:blank","title":"Slow down","detail":"10 a minute"}',
    ),
    stdout: '{"type":"about:blank","title":"Slow down","detail":"10 a minute"}',
    stderr: /^error: (?=.*\b429\b)(?=.*Slow down)(?=.*10 a minute)(?=.*req_7)[^\n]*\n[^]*Retry-After: 17/,
    exitCode: 5,
    isAlsoBuilt: true,
  },
  {
    what: 'error.message',
    typed,
    arrives,
    answers: answer(
      '400 Bad Request',
      [isJson],
      '{"error":{"message":"No such field: nme","code":"bad_field"}}',
    ),
    stdout: '{"error":{"message":"No such field: nme","code":"bad_field"}}',
    stderr: /^error: (?=.*\b400 Bad Request\b)[^\n]*No such field: nme[^\n]*\n/,
    exitCode: 5,
  },
  {
    what: 'message alone, as GitHub has it',
    typed,
    arrives,
    answers: answer(
      '404 Not Found',
      [isJson, 'x-github-request-id: ABCD:1'],
      '{"message":"Not Found here","status":"404"}',
    ),
    stdout: '{"message":"Not Found here","status":"404"}',
    stderr: /^error: (?=.*Not Found here)[^\n]*ABCD:1[^\n]*\n/,
    exitCode: 5,
  },
  {
    what: 'what it said cannot move the cursor',
    typed,
    terminal: ['stderr'],
    arrives,
    answers: answer('400 Bad Request', [isJson], String.raw`{"error":{"message":"a\u001b[2Jb\nc"}}`),
    stdout: String.raw`{"error":{"message":"a\u001b[2Jb\nc"}}`,
    // oxlint-disable-next-line no-control-regex -- that there are none is what is looked at
    stderr: /^(?![^]*a\u001b\[2J)[^\n]*error: [^\n]*400[^\n]*b[^\n]*c/,
    exitCode: 5,
  },
  {
    what: 'an HTML page: the status is all that is told',
    typed,
    arrives,
    answers: answer('502 Bad Gateway', ['content-type: text/html'], '<h1>Bad</h1>'),
    stdout: '<h1>Bad</h1>',
    stderr: /^error: the provider answered 502 Bad Gateway\n/,
    exitCode: 5,
  },
  {
    what: 'Slack’s ok: false is a 200, and told',
    typed: 'POST /x -d {}',
    arrives: postJson('/base/x', '{}'),
    answers: json('{"ok":false,"error":"channel_not_found"}'),
    stdout: '{"ok":false,"error":"channel_not_found"}',
    stderr: /channel_not_found/,
  },
  {
    what: '--fail-on makes it exit 5',
    typed: `/x --fail-on '.ok == false'`,
    arrives,
    answers: json('{"ok":false,"error":"channel_not_found"}'),
    stdout: '{"ok":false,"error":"channel_not_found"}',
    stderr: /^error: [^\n]*channel_not_found[^\n]*\n/,
    exitCode: 5,
  },
  {
    what: '--fail-on that is not so',
    typed: `/x --fail-on '.ok == false'`,
    arrives,
    answers: json('{"ok":true}'),
    stdout: '{"ok":true}',
  },
  {
    what: '401 of the provider: authorize again',
    typed,
    arrives,
    answers: answer(
      '401 Unauthorized',
      [isJson, 'www-authenticate: Bearer'],
      '{"message":"Bad credentials"}',
    ),
    stdout: '{"message":"Bad credentials"}',
    stderr: /^error: the provider [^\n]*401[^\n]*\n[^]*sk-connect authorize -c wire -i user_1 --force/,
    exitCode: 5,
  },
  {
    what: '403 of the provider: scopes',
    typed,
    arrives,
    answers: answer('403 Forbidden', [], ''),
    stderr: /^error: the provider answered 403 Forbidden\n[^]*scopes/,
    exitCode: 5,
  },
  {
    what: 'the proxy refuses: it is off for the provider',
    typed,
    connection: 'off',
    stdout: /"message":"proxy not enabled for provider"/,
    stderr:
      /^error: Scalekit's proxy refused the call: proxy not enabled for provider[^\n]*\n[^]*proxy_enabled/,
    exitCode: 5,
  },
  {
    what: 'the proxy cannot reach the provider',
    typed,
    connection: 'down',
    stdout: /"message":"the provider could not be reached/,
    stderr: /^error: Scalekit's proxy [^\n]*could not be reached[^\n]*\n/,
    exitCode: 5,
  },
  {
    what: 'the account is not ACTIVE',
    typed,
    identifier: 'expired',
    stderr: /^error: expired's account on wire is EXPIRED[^\n]*\n[^]*sk-connect authorize -c wire -i expired/,
    exitCode: 4,
  },
  {
    what: '--no-check-status',
    typed: '/x --no-check-status',
    arrives,
    answers: answer('404 Not Found', [], 'no'),
    stdout: 'no',
  },
];

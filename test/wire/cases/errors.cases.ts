import type { WireCase } from '../support/case.ts';
import { answer, get, json, postJson } from '../support/message.ts';
import { failure } from '../support/printed.ts';

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
    stderr: failure(
      'the provider answered 429 Too Many Requests: Slow down: 10 a minute [request id req_7]',
      'Retry-After: 17',
    ),
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
    stderr: failure('the provider answered 400 Bad Request: bad_field: No such field: nme'),
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
    stderr: failure('the provider answered 404 Not Found: Not Found here [request id ABCD:1]'),
    exitCode: 5,
  },
  {
    what: 'what it said cannot move the cursor',
    terminal: ['stderr'],
    typed: '/x --no-color',
    arrives,
    answers: answer('400 Bad Request', [isJson], String.raw`{"error":{"message":"a\u001b[2Jb\nc"}}`),
    stdout: String.raw`{"error":{"message":"a\u001b[2Jb\nc"}}`,
    stderr: failure('the provider answered 400 Bad Request: a␛[2Jb c'),
    exitCode: 5,
  },
  {
    what: 'an HTML page: the status is all that is told',
    typed,
    arrives,
    answers: answer('502 Bad Gateway', ['content-type: text/html'], '<h1>Bad</h1>'),
    stdout: '<h1>Bad</h1>',
    stderr: failure('the provider answered 502 Bad Gateway'),
    exitCode: 5,
  },
  {
    what: 'Slack’s ok: false is a 200, and told',
    typed: 'POST /x -d {}',
    arrives: postJson('/base/x', '{}'),
    answers: json('{"ok":false,"error":"channel_not_found"}'),
    stdout: '{"ok":false,"error":"channel_not_found"}',
    stderr:
      /^the provider answered 200 OK, but says: channel_not_found\n  → [^\n]*--fail-on '\.ok == false'\n$/,
  },
  {
    what: '--fail-on makes it exit 5',
    typed: `/x --fail-on '.ok == false'`,
    arrives,
    answers: json('{"ok":false,"error":"channel_not_found"}'),
    stdout: '{"ok":false,"error":"channel_not_found"}',
    stderr: failure("the provider answered 200 OK: channel_not_found (--fail-on '.ok == false' holds)"),
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
    stderr: failure(
      'the provider answered 401 Unauthorized: Bad credentials',
      'sk-connect authorize -c wire -i user_1 --force',
    ),
    exitCode: 5,
  },
  {
    what: '403 of the provider: scopes',
    typed,
    arrives,
    answers: answer('403 Forbidden', [], ''),
    stderr: failure('the provider answered 403 Forbidden', 'scopes'),
    exitCode: 5,
  },
  {
    what: 'Scalekit refuses the environment’s credentials',
    typed: '/x --no-token-cache',
    env: { SCALEKIT_CLIENT_SECRET: 'a-secret-of-another' },
    stderr: /^error: http:\/\/127\.0\.0\.1:\d+ refused the [^\n]*\n  → [^\n]*SCALEKIT_CLIENT_SECRET[^\n]*\n$/,
    exitCode: 3,
  },
  {
    what: 'the proxy refuses: it is off for the provider',
    typed,
    connection: 'off',
    stdout: /"message":"proxy not enabled for provider"/,
    stderr: failure(
      "Scalekit's proxy refused the call: proxy not enabled for provider (HTTP 400)",
      'proxy_enabled',
    ),
    exitCode: 5,
  },
  {
    what: 'the proxy cannot reach the provider',
    typed,
    connection: 'down',
    stdout: /"message":"the provider could not be reached/,
    stderr: failure(
      "Scalekit's proxy got no answer: the provider could not be reached (ECONNREFUSED) (HTTP 502)",
    ),
    exitCode: 5,
  },
  {
    what: 'the account is not ACTIVE',
    typed,
    identifier: 'expired',
    stderr: failure(
      "expired's account on wire is EXPIRED, not ACTIVE (its token could not be refreshed)",
      'sk-connect authorize -c wire -i expired',
    ),
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

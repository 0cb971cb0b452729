import { describe, expect, it } from 'vitest';
import { createRedactor, maskCookie, maskForm, maskHeader, maskQuery, maskText } from '../src/redact.ts';

describe('a redactor', () => {
  const redact = (secrets: string[], text: string) => {
    const redactor = createRedactor();
    for (const secret of secrets) redactor.add(secret);
    return redactor.apply(text);
  };

  it.each<[secrets: string[], text: string, expected: string]>([
    [[], 'nothing to hide', 'nothing to hide'],
    [['s3cret-value'], 'a s3cret-value, s3cret-value!', 'a ***, ***!'],
    [['s3cret-value'], 'S3CRET-VALUE', 'S3CRET-VALUE'],
    [['a+b(c)[d]$&'], 'x a+b(c)[d]$& y', 'x *** y'],
    [['line one\nline two'], '<line one\nline two>', '<***>'],
    [['short'], 'a short text', 'a short text'],
    [[''], 'text', 'text'],
    [['sixsix'], 'sixsix', '***'],
    [['prefix', 'prefix-and-more'], 'prefix-and-more prefix', '*** ***'],
    [['prefix-and-more', 'prefix'], 'prefix-and-more prefix', '*** ***'],
    [['middle', 'x-middle-y'], '[x-middle-y]', '[***]'],
  ])('that knows %j turns %j into %j', (secrets, text, expected) => {
    expect(redact(secrets, text)).toBe(expected);
  });

  it('knows what it was told since', () => {
    const redactor = createRedactor();
    expect(redactor.apply('later-secret')).toBe('later-secret');
    redactor.add('later-secret');
    expect(redactor.apply('later-secret')).toBe('***');
  });
});

it.each([
  ['Authorization', 'Bearer abc.def', 'Bearer ***'],
  ['authorization', 'Basic dXNlcjpwYXNz', 'Basic ***'],
  ['AUTHORIZATION', 'raw-key', '***'],
  ['Proxy-Authorization', 'Digest username="a"', 'Digest ***'],
  ['Cookie', 'a=1; b=2', '***'],
  ['Set-Cookie', 'a=1', '***'],
  ['X-Api-Key', 'k', '***'],
  ['apikey', 'k', '***'],
  ['api_key', 'k', '***'],
  ['X-Auth-Token', 't', '***'],
  ['X-Client-Secret', 's', '***'],
  ['X-Password', 'p', '***'],
  ['X-Amz-Signature', 's', '***'],
  [
    'Location',
    'https://a.example/cb?token=t&page=2#access_token=u',
    'https://a.example/cb?token=***&page=2#access_token=***',
  ],
  ['Content-Location', '/x?api_key=k', '/x?api_key=***'],
  ['Content-Type', 'application/json', 'application/json'],
  ['X-Request-Id', 'Bearer of news', 'Bearer of news'],
])('maskHeader(%j, %j) is %j', (name, value, expected) => {
  expect(maskHeader(name, value)).toBe(expected);
});

it.each([
  ['/path', '/path'],
  ['/path?', '/path?'],
  ['/path?page=2', '/path?page=2'],
  ['/p?api_key=k&page=2&access_token=t', '/p?api_key=***&page=2&access_token=***'],
  ['/p?page=2&API-KEY=a=b==', '/p?page=2&API-KEY=***'],
  ['/p?token', '/p?token'],
  ['/p?token=', '/p?token=***'],
  ['/p?a=x?token=t', '/p?a=x?token=***'],
  ['/p?token=x?y=z', '/p?token=***'],
  ['https://h.example/token=1/x?q=token', 'https://h.example/token=1/x?q=token'],
  ['/p?q=1#id_token=t&state=s', '/p?q=1#id_token=***&state=s'],
])('maskQuery(%j) is %j', (target, expected) => {
  expect(maskQuery(target)).toBe(expected);
});

it.each([
  ['Set-Cookie', 'sid=abc; Path=/; HttpOnly', 'sid=***; Path=/; HttpOnly'],
  [
    'set-cookie',
    'sid=a=b==; Expires=Wed, 01 Jan 2030 00:00:00 GMT',
    'sid=***; Expires=Wed, 01 Jan 2030 00:00:00 GMT',
  ],
  ['set-cookie', 'sid=', 'sid=***'],
  ['set-cookie', '=nameless; Path=/', '=***; Path=/'],
  ['set-cookie', 'nameless; Path=/', '***; Path=/'],
  ['Cookie', 'a=1; b=2=3;c=4', 'a=***; b=***;c=***'],
  ['Cookie', 'nameless; b=2', '***; b=***'],
  ['Cookie', 'a=', 'a=***'],
  ['Cookie', 'a=1;', 'a=***;'],
  ['Cookie', 'two words', '***'],
  ['Location', '/x?a=b', '/x?a=b'],
])('maskCookie(%j, %j) is %j', (name, value, expected) => {
  expect(maskCookie(name, value)).toBe(expected);
});

it.each([
  ['invalid header: Bearer abcdef123456.xyz', 'invalid header: Bearer ***'],
  ['got "Basic dXNlcjpwYXNzd29yZA=="', 'got "Basic ***"'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl has expired', '*** has expired'],
  ['no route for /x?api_key=abc&page=2 (GET)', 'no route for /x?api_key=***&page=2 (GET)'],
  ['see /callback#access_token=abc, please', 'see /callback#access_token=*** please'],
  ['a bearer token is required', 'a bearer token is required'],
  ['token expired, and ?page=2 is left', 'token expired, and ?page=2 is left'],
])('the sentence %j is shown as %j', (text, expected) => {
  expect(maskText(text)).toBe(expected);
});

it.each([
  ['', ''],
  ['a=1&b=2', 'a=1&b=2'],
  ['user=ada&password=p%26q', 'user=ada&password=***'],
  ['client_secret=s', 'client_secret=***'],
  ['grant_type=authorization_code&code=c', 'grant_type=authorization_code&code=***'],
])('maskForm(%j) is %j', (form, expected) => {
  expect(maskForm(form)).toBe(expected);
});

import { describe, expect, it } from 'vitest';
import { createLinkMap } from '../../../src/request/pages/link-map.ts';

const linked = (uri: string, path: string, baseUrl?: string) =>
  createLinkMap(baseUrl)({ uri, isChosen: false }, path);
const chosen = (uri: string, path: string, baseUrl?: string) =>
  createLinkMap(baseUrl)({ uri, isChosen: true }, path);
const unmappable = (message: RegExp) =>
  expect.objectContaining({
    kind: 'upstream',
    code: 'next_link_unmappable',
    message: expect.stringMatching(message),
  });

describe('without --base-url', () => {
  it.each([
    ['https://api.example.com/notes?page=2', '/notes', '/notes?page=2'],
    ['https://api.example.com/v1/notes?page=2', '/notes?page=1&x=1', '/notes?page=2'],
    ['https://api.example.com/a/b/v1/notes?page=2', 'v1/notes', '/v1/notes?page=2'],
    ['http://api.example.com:8080/v1/notes?page=2', '/notes', '/notes?page=2'],
    [
      'https://api.example.com/v1/notes?q=a%20b+c&d=[e]&f=%c3%a9#here',
      '/notes',
      '/notes?q=a%20b+c&d=[e]&f=%c3%a9',
    ],
    ['https://api.example.com/v1/a%7Eb?page=2', '/a~b', '/a%7Eb?page=2'],
    ['https://api.example.com/v1/notes/?page=2', '/notes', '/notes/?page=2'],
    ['https://api.example.com/v1/notes?page=2', '/notes/', '/notes?page=2'],
    ['https://api.example.com?page=2', '/?page=1', '/?page=2'],
    ['//api.example.com/v1/notes?page=2', '/notes', '/notes?page=2'],
    [' https://api.example.com/notes?page=2 ', '/notes', '/notes?page=2'],
    ['?page=2', '/v1/notes?page=1', '/v1/notes?page=2'],
    ['', '/v1/notes', '/v1/notes'],
    ['/v1/notes?page=2', '/v1/notes', '/v1/notes?page=2'],
    ['/api/v1/notes?page=2', '/v1/notes', '/v1/notes?page=2'],
    ['notes?page=2', '/v1/notes', '/v1/notes?page=2'],
    ['next', '/v1/notes/first', '/v1/notes/next'],
  ])('%s of %s: %s', (uri, path, expected) => {
    expect(linked(uri, path)).toBe(expected);
  });

  it.each([
    [
      'https://api.github.com/repositories/1/issues?page=2',
      '/repos/o/r/issues',
      /does not end with \/repos\/o\/r\/issues/,
    ],
    ['https://api.example.com/v1/othernotes?page=2', '/notes', /does not end with/],
    ['https://api.example.com/v1/notes/2', '/notes', /does not end with/],
    ['https://api.example.com/v1/anything?page=2', '/', /does not end with/],
    ['/other?page=2', '/notes', /does not end with/],
    ['ftp://api.example.com/notes', '/notes', /no http or https URL/],
    ['javascript:alert(1)', '/notes', /no http or https URL/],
    ['mailto:a@example.com', '/notes', /no http or https URL/],
    ['https:/notes', '/notes', /no http or https URL/],
    ['https://user:pw@api.example.com/notes', '/notes', /credentials/],
    ['https://api.example.com@evil.example/notes', '/notes', /credentials/],
    ['https://ex ample/notes', '/notes', /no valid URL/],
    ['https:///notes', '/notes', /no valid URL/],
    ['https://api.example.com/v1/../notes', '/notes', /segments/],
    ['https://api.example.com/%2e%2E/notes', '/notes', /segments/],
    ['https://api.example.com/a%2f..%2fb/notes', '/notes', /segments/],
    ['https://api.example.com/..\\notes', '/notes', /segments/],
    ['../admin?page=2', '/v1/notes', /segments/],
    ['./notes?page=2', '/v1/notes', /segments/],
  ])('%s of %s cannot be told', (uri, path, message) => {
    expect(() => linked(uri, path)).toThrow(unmappable(message));
  });

  it('all pages lie in the same place', () => {
    const map = createLinkMap(undefined);
    const link = (uri: string) => map({ uri, isChosen: false }, '/notes');
    expect(link('https://api.example.com/v1/notes?page=2')).toBe('/notes?page=2');
    expect(link('https://API.example.com:443/v1/notes?page=3')).toBe('/notes?page=3');
    expect(link('/v1/notes?page=4')).toBe('/notes?page=4');
    expect(link('http://api.example.com/v1/notes?page=5')).toBe('/notes?page=5');
    for (const uri of [
      'https://evil.example/v1/notes?page=6',
      'https://api.example.com/v2/notes?page=6',
      '/v2/notes?page=6',
    ]) {
      expect(() => link(uri)).toThrow(unmappable(/another place/));
    }
  });

  it('says what would help, and shows no secret', () => {
    const uri = 'https://api.example.com/other?access_token=s3cret-s3cret&page=2';
    expect(() => linked(uri, '/notes')).toThrow(
      expect.objectContaining({
        hint: expect.stringContaining('--base-url https://api.example.com'),
        message: expect.not.stringContaining('s3cret'),
        details: { link: 'https://api.example.com/other?access_token=***&page=2' },
      }),
    );
  });
});

describe('with --base-url', () => {
  it.each([
    [
      'https://api.github.com/repositories/1/issues?page=2',
      'https://api.github.com',
      '/repositories/1/issues?page=2',
    ],
    [
      'https://api.github.com/repositories/1/issues?page=2',
      'https://api.github.com/',
      '/repositories/1/issues?page=2',
    ],
    ['https://x.example/v1/other?page=2', 'https://x.example/v1', '/other?page=2'],
    ['https://x.example/v1?page=2', 'https://x.example/v1/', '/?page=2'],
    ['http://X.example/v1/other', 'https://x.example/v1', '/other'],
    ['/v1/other?page=2', 'https://x.example/v1', '/other?page=2'],
    ['/notes?page=2', 'https://x.example/v1', '/notes?page=2'],
    ['?page=2', 'https://x.example/v1', '/notes?page=2'],
  ])('%s below %s: %s', (uri, baseUrl, expected) => {
    expect(linked(uri, '/notes', baseUrl)).toBe(expected);
  });

  it.each([
    ['https://y.example/v1/notes', 'https://x.example/v1', /not on the host/],
    ['https://x.example:8443/v1/notes', 'https://x.example/v1', /not on the host/],
    ['https://x.example/v10/notes', 'https://x.example/v1', /not below/],
    ['https://x.example/notes', 'https://x.example/v1', /not below/],
    ['/other', 'https://x.example/v1', /does not end with/],
    ['https://x.example/v1/../v2/notes', 'https://x.example/v1', /segments/],
  ])('%s is not below %s', (uri, baseUrl, message) => {
    expect(() => linked(uri, '/notes', baseUrl)).toThrow(unmappable(message));
  });

  it.each([
    'api.example.com',
    '/v1',
    'ftp://x.example',
    'https://x.example/?a=1',
    'https://u:p@x.example',
    '',
  ])('%j is none', (baseUrl) => {
    expect(() => createLinkMap(baseUrl)).toThrow(
      expect.objectContaining({ kind: 'usage', code: 'bad_base_url' }),
    );
  });
});

describe('what --next chose', () => {
  it.each([
    ['/services/query/01g-2000', '/services/query?q=a', '/services/query/01g-2000'],
    ['/api/v1/notes?page=2', '/v1/notes', '/v1/notes?page=2'],
    ['https://x.example/api/v1/notes?page=2', '/v1/notes', '/v1/notes?page=2'],
    ['?page=2', '/v1/notes', '/v1/notes?page=2'],
    ['notes?page=2', '/v1/notes', '/v1/notes?page=2'],
  ])('%s of %s: %s', (uri, path, expected) => {
    expect(chosen(uri, path)).toBe(expected);
  });

  it('a whole URL has to lie below the base URL all the same', () => {
    expect(() => chosen('https://x.example/other', '/v1/notes')).toThrow(unmappable(/does not end with/));
    expect(() => chosen('/a/../b', '/v1/notes')).toThrow(unmappable(/segments/));
  });

  it('a cursor without a parameter to take it', () => {
    expect(() => chosen('bm90ZTox', '/v1/notes')).toThrow(
      expect.objectContaining({ kind: 'usage', hint: expect.stringContaining('--page-param NAME') }),
    );
  });
});

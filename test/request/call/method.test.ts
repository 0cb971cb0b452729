import { describe, expect, it } from 'vitest';
import { readTarget } from '../../../src/request/call/method.ts';
import { usageErrorOf } from './reading.ts';

describe('readTarget', () => {
  it.each([
    [['/x'], undefined, undefined, '/x'],
    [['get', '/x'], undefined, 'GET', '/x'],
    [['/x'], 'patch', 'PATCH', '/x'],
    [['POST', '/x'], 'post', 'POST', '/x'],
    [['propfind', '/x'], undefined, 'PROPFIND', '/x'],
    [['M-SEARCH', '/x'], undefined, 'M-SEARCH', '/x'],
    [['PURGE', '/x'], undefined, 'PURGE', '/x'],
    // A path may be called so.
    [['post'], undefined, undefined, 'post'],
    [['GET', 'POST'], undefined, 'GET', 'POST'],
  ])('%j with -X %s is %s %s', (words, option, method, path) => {
    expect(readTarget(words, option)).toEqual({ method, path });
  });

  it.each([
    [['POST', '/x'], 'PUT', 'POST in front of the path and PUT after -X', 'one of them'],
    [['POST'], undefined, 'POST is a method', 'request POST /v1/customers'],
    [['POST'], 'POST', 'POST is a method', 'request POST /v1/customers'],
    [['/x', 'get'], undefined, '"/x" is no HTTP method', 'The method comes first: sk-connect request GET /x'],
    [['/x', 'X-A: b'], undefined, '"/x" is no HTTP method', 'METHOD PATH'],
    [['G E T', '/x'], undefined, '"G E T" is no HTTP method', 'METHOD PATH'],
    [['/x'], 'X-A: b', '-X "X-A: b" is no HTTP method', '-X PATCH'],
    [['/x'], '', '-X "" is no HTTP method', '-X PATCH'],
    [[''], undefined, 'the path is empty', 'Write /'],
    [['GET', ''], undefined, 'the path is empty', 'Write /'],
  ])('%j with -X %s is refused: %s', async (words, option, message, hint) => {
    const error = await usageErrorOf(() => readTarget(words, option));
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });
});

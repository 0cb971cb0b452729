import { describe, expect, it } from 'vitest';
import { fillTemplates } from '../../../src/request/call/path.ts';
import { usageErrorOf } from './reading.ts';

describe('fillTemplates', () => {
  it.each([
    ['/x', [], '/x'],
    ['/repos/{owner}/{repo}', ['owner=me', 'repo=a b/c'], '/repos/me/a%20b%2Fc'],
    ['/{a}/{a}?x={a}', ['a=é&?#'], '/%C3%A9%26%3F%23/%C3%A9%26%3F%23?x=%C3%A9%26%3F%23'],
    ['/{user-id}/{user.name}/{größe}', ['user-id=1', 'user.name=2', 'größe=3'], '/1/2/3'],
    ['/{a}', ['a=b=c'], '/b%3Dc'],
    ['/{a}', ['a={b}'], '/%7Bb%7D'],
    ['/{a}', ['a=$&'], '/%24%26'],
    ['/{__proto__}/{constructor}', ['__proto__=1', 'constructor=2'], '/1/2'],
    // JSON in a query is no template.
    ['/x?filter={"a":1}&b={}', [], '/x?filter={"a":1}&b={}'],
    ['/x/%7Bid%7D', [], '/x/%7Bid%7D'],
  ])('%s with %j is %s', (path, pairs, filled) => {
    expect(fillTemplates(path, pairs)).toBe(filled);
  });

  it.each([
    ['/{owner}/{repo}', [], 'leaves {owner} and {repo} open', '--path owner=VALUE --path repo=VALUE'],
    ['/{owner}/{repo}', ['owner=me'], 'leaves {repo} open', '--path repo=VALUE'],
    ['/x?q={term}', [], 'leaves {term} open', '--path term=VALUE'],
    ['/{owner}', ['ownr=me'], '--path ownr is nowhere in the path', 'Did you mean owner?'],
    ['/{owner}', ['owner=me', 'repository=x'], '--path repository is nowhere', 'The path has {owner}.'],
    ['/x', ['owner=me'], '--path owner is nowhere', 'Write {owner} where it belongs'],
    ['/{owner}', ['owner'], '--path owner has no value', 'Write --path owner=VALUE'],
    ['/{owner}', ['owner='], '--path owner has no value', 'Write --path owner=VALUE'],
    ['/{owner}', ['=me'], 'has no name', '--path name=VALUE'],
    ['/{a}', ['a=1', 'a=2'], '--path a is given twice', 'once'],
    ['C:/Program Files/Git/user', [], "one of this machine's files", 'leave the slash at its beginning out'],
  ])('%s with %j is refused: %s', async (path, pairs, message, hint) => {
    const error = await usageErrorOf(() => fillTemplates(path, pairs));
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });
});

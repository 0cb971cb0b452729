import type { WireCase } from '../support/case.ts';
import { get } from '../support/message.ts';
import { failure } from '../support/printed.ts';

export const paths: readonly WireCase[] = [
  { what: 'without the slash in front', typed: 'users', arrives: get('/base/users') },
  {
    what: 'an escaped slash stays escaped, in its spelling',
    typed: '/repos/a%2Fb/c%2fd',
    arrives: get('/base/repos/a%2Fb/c%2fd'),
  },
  {
    what: 'what a path may hold',
    typed: `'/a;v=1/@me/~x/(b)!$&+,=:*'`,
    arrives: get(`/base/a;v=1/@me/~x/(b)!$&+,=:*`),
  },
  { what: 'slashes that are doubled or at the end', typed: '/a//b/', arrives: get('/base/a//b/') },
  {
    what: 'percent signs that are escaped already',
    typed: '/100%25/%E2%82%AC',
    arrives: get('/base/100%25/%E2%82%AC'),
  },
  { what: 'OData’s brackets and quotes', typed: `"/Users('1')/x[0]"`, arrives: get("/base/Users('1')/x[0]") },
  {
    what: 'its query as it was typed',
    typed: `'/a?x=1&x=2&&y=%2f+z&flag&e='`,
    arrives: get('/base/a?x=1&x=2&&y=%2f+z&flag&e='),
  },
  {
    what: 'what no URL holds is percent-encoded, once',
    typed: `'/a b/naïve/日本/"<x>^|\`?q=é "'`,
    arrives: get('/base/a%20b/na%C3%AFve/%E6%97%A5%E6%9C%AC/%22%3Cx%3E^|%60?q=%C3%A9%20%22'),
  },
  {
    what: 'a template, percent-encoded as one segment',
    typed: `/repos/{owner}/{repo} --path owner=me --path 'repo=a/b c%é?'`,
    arrives: get('/base/repos/me/a%2Fb%20c%25%C3%A9%3F'),
  },
  {
    what: 'one name twice, and a value that holds an equals sign',
    typed: '/{id}/copies/{id} --path id=a=b',
    arrives: get('/base/a%3Db/copies/a%3Db'),
  },
  {
    what: 'a template that is left open',
    typed: '/repos/{owner}/{repo} --path owner=me',
    stderr: failure('the path leaves {repo} open', '--path repo='),
    exitCode: 2,
  },
  {
    what: 'a value that is for nothing',
    typed: '/repos/{owner} --path owner=me --path repo=x',
    stderr: failure('--path repo is nowhere in the path', '{owner}'),
    exitCode: 2,
  },
  {
    what: 'a value that would leave the place',
    typed: '/repos/{owner}/x --path owner=..',
    stderr: failure('the path "/repos/../x" holds a “.” or “..” segment, which could leave the connector'),
    exitCode: 2,
  },
];

export const queries: readonly WireCase[] = [
  {
    what: 'encoded once, exactly',
    typed: `/s -q 'q=is:open author:me' -q 'a=1+1&b=2' -q 'u=naïve/ü' -q 'p=100%25'`,
    arrives: get('/base/s?q=is%3Aopen%20author%3Ame&a=1%2B1%26b%3D2&u=na%C3%AFve%2F%C3%BC&p=100%2525'),
    isAlsoBuilt: true,
  },
  {
    what: 'repeated ones stay repeated, in order',
    typed: '/s -q tag=b -q tag=a -q tag=b',
    arrives: get('/base/s?tag=b&tag=a&tag=b'),
  },
  {
    what: 'alone, empty, and an equals sign in the value',
    typed: '/s -q flag -q empty= -q expr=a=b',
    arrives: get('/base/s?flag&empty=&expr=a%3Db'),
  },
  {
    what: 'behind what the path has',
    typed: `'/s?page=1&x=%20' -q y=2`,
    arrives: get('/base/s?page=1&x=%20&y=2'),
  },
  { what: 'behind a question mark that nothing follows', typed: `'/s?' -q y=2`, arrives: get('/base/s?y=2') },
  {
    what: 'brackets and unicode in the name',
    typed: `/s -q 'filter[état]=é' -q 'ids[]=1'`,
    arrives: get('/base/s?filter%5B%C3%A9tat%5D=%C3%A9&ids%5B%5D=1'),
  },
  {
    what: 'characters beyond the BMP',
    typed: `/s -q 'q=👍🏽'`,
    arrives: get('/base/s?q=%F0%9F%91%8D%F0%9F%8F%BD'),
  },
  {
    what: 'with a body',
    typed: `/s -q dry=1 -d '{}'`,
    arrives: { line: 'POST /base/s?dry=1', type: 'application/json', body: '{}' },
  },
];

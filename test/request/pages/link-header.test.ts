import { expect, it } from 'vitest';
import type { HeaderList } from '../../../src/http/headers.ts';
import { nextLink } from '../../../src/request/pages/link-header.ts';

const link = (...values: string[]): HeaderList => values.map((value) => ['Link', value]);

it.each<[string, HeaderList, string | undefined]>([
  ['one', link('<https://x.example/a?page=2>; rel="next"'), 'https://x.example/a?page=2'],
  ['without quotes', link('</a?page=2>; rel=next'), '/a?page=2'],
  ['in capitals', [['LINK', '<?page=2>; REL="Next"']], '?page=2'],
  ['among others', link('<?p=1>; rel="prev", <?p=3>; rel="next", <?p=9>; rel="last"'), '?p=3'],
  ['two relations', link('<?p=9>; rel="next last"'), '?p=9'],
  ['several headers', link('<?p=1>; rel="prev"', '<?p=3>; rel="next"'), '?p=3'],
  ['a comma and a semicolon in the URL', link('<?ids=1,2;3>; rel="next"'), '?ids=1,2;3'],
  [
    'a comma in quotes',
    link('<?p=1>; title="a, <b>; rel=\\"next\\""; rel="prev", <?p=3>; rel="next"'),
    '?p=3',
  ],
  ['other parameters', link('<?p=3>; page="3"; rel="next"; title*=UTF-8\'de\'n%c3%a4chstes'), '?p=3'],
  ['links that preload', link('</f.woff>; rel=preload; as=font; crossorigin, <?p=3>; rel="next"'), '?p=3'],
  ['another resource', link('<?p=3>; rel="next"; anchor="/other"'), undefined],
  ['none of that relation', link('<?p=9>; rel="last"', '<?p=1>; rel="nextish"'), undefined],
  ['no header', [['content-type', 'text/plain']], undefined],
  ['an empty one', link(''), undefined],
  ['bytes that are not ASCII', link('<?q=\u00c3\u00a9>; rel="next"'), '?q=%C3%A9'],
])('%s', (_what, headers, expected) => {
  expect(nextLink(headers)).toBe(expected);
});

it.each(['next: /a', '<unclosed'])('%j is no Link header', (value) => {
  expect(() => nextLink(link(value))).toThrow(
    expect.objectContaining({ kind: 'upstream', code: 'bad_link_header' }),
  );
});

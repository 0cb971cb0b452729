import type { WireCase } from '../support/case.ts';
import { json, postJson } from '../support/message.ts';
import { failure } from '../support/printed.ts';

const QUERY = 'query ($n: Int!, $s: String) {\n  me(n: $n, s: $s) { id }\n}\n';

export const graphql: readonly WireCase[] = [
  {
    what: 'a document alone',
    typed: '/graphql --graphql me.graphql',
    files: { 'me.graphql': '{ me { id } }\n' },
    arrives: postJson('/base/graphql', String.raw`{"query":"{ me { id } }\n"}`),
    answers: json('{"data":{"me":{"id":1}}}'),
    stdout: '{"data":{"me":{"id":1}}}',
  },
  {
    what: 'with variables, typed and not',
    typed: '/graphql --graphql me.graphql -F n=9007199254740993 -f s=1',
    files: { 'me.graphql': QUERY },
    arrives: postJson(
      '/base/graphql',
      `{"query":${JSON.stringify(QUERY)},"variables":{"n":9007199254740993,"s":"1"}}`,
    ),
  },
  {
    what: 'from stdin, filtered',
    typed: '/graphql --graphql - --jq .data.me.id',
    stdin: '{ me { id } }',
    arrives: postJson('/base/graphql', '{"query":"{ me { id } }"}'),
    answers: json('{"data":{"me":{"id":9007199254740993}}}'),
    stdout: '9007199254740993\n',
  },
  {
    what: 'errors with partial data: all of it on stdout, exit 5',
    typed: '/graphql --graphql me.graphql',
    files: { 'me.graphql': '{ me { id name } }' },
    arrives: postJson('/base/graphql', '{"query":"{ me { id name } }"}'),
    answers: json(
      '{"data":{"me":{"id":1,"name":null}},"errors":[{"message":"name is private","path":["me","name"]}]}',
    ),
    stdout:
      '{"data":{"me":{"id":1,"name":null}},"errors":[{"message":"name is private","path":["me","name"]}]}',
    stderr: failure('the provider answered with a GraphQL error: name is private (at me.name)'),
    exitCode: 5,
    isAlsoBuilt: true,
  },
];

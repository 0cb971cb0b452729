import { describe, expect, it } from 'vitest';
import { checkJq, runJq } from '../../src/json/jq.ts';

describe('checkJq', () => {
  it.each([
    '.',
    '.a.b[0]',
    '.accounts[] | select(.status != "ACTIVE") | .identifier',
    'def f: . + 1; f',
    '. # a comment',
    '# a comment first\n.a',
    '. # a comment that ends in a backslash \\',
    '-1',
    '.a as $x | $x',
    '"a\\(1 + 2)b"',
    'if . then 1 else 2 end',
    '$ENV',
    'error("only when it runs")',
    'halt_error',
    'input',
    'limit(3; repeat(1))',
    'repeat(1)',
    '[range(1e12)]',
  ])('takes what compiles, and runs none of it: %j', async (expression) => {
    await expect(checkJq(expression)).resolves.toBeUndefined();
  });

  it.each([
    '.[',
    '.a b',
    '}',
    '| .a',
    'nosuchfunction',
    '$nosuchvariable',
    '"unclosed',
    '.a)',
    '(.a',
    '1) | (2',
    '1] | [2',
    '. end',
    '1 else 2',
    '',
    ' ',
    '# only a comment',
    'if . then 1',
  ])('refuses %j as a usage error', async (expression) => {
    await expect(checkJq(expression)).rejects.toMatchObject({
      kind: 'usage',
      exitCode: 2,
      code: 'bad_jq',
      message: expect.stringContaining(`--jq ${JSON.stringify(expression)} is no jq expression: `) as unknown,
      hint: expect.any(String) as unknown,
    });
  });

  it('says in one line what is wrong, under the name of the flag', async () => {
    await expect(checkJq('nosuchfunction', '--filter')).rejects.toThrow(
      /^--filter "nosuchfunction" is no jq expression: nosuchfunction\/0 is not defined.*$/,
    );
  });
});

describe('runJq', () => {
  it.each([
    ['.', '{"a": 1}', '{"a":1}\n'],
    ['.id', '{"id":9007199254740993}', '9007199254740993\n'],
    ['.[]', '[9007199254740993,"a",null]', '9007199254740993\n"a"\nnull\n'],
    ['.', '1.10', '1.10\n'],
    ['empty', '1', ''],
    ['.[]', '[]', ''],
    ['.a', '{"a":"x\\ny"}', '"x\\ny"\n'],
    ['.', '"\u00e9\u{1F600}"', '"\u00e9\u{1F600}"\n'],
    ['""', 'null', '""\n'],
    ['-1', 'null', '-1\n'],
    ['-(.a)', '{"a":2}', '-2\n'],
    ['. # a comment', '1', '1\n'],
    ['.a,\n.b', '{"a":1,"b":2}', '1\n2\n'],
    ['keys_unsorted', '{"b":1,"a":2}', '["b","a"]\n'],
  ])('%j of %s', async (expression, json, expected) => {
    expect(await runJq(expression, json)).toBe(expected);
  });

  it.each([
    ['.a', '[1]'],
    ['error("no luck")', 'null'],
    ['.a | tonumber', '{"a":"x"}'],
  ])('%j of %s fails as a usage error that says why', async (expression, json) => {
    await expect(runJq(expression, json)).rejects.toMatchObject({
      kind: 'usage',
      code: 'jq_failed',
      message: expect.stringMatching(/^--jq ".*" failed: (?!jq: )[^\n]+$/) as unknown,
    });
  });

  it('works again after a failure', async () => {
    await expect(runJq('error("x")', 'null')).rejects.toThrow('failed: x');
    expect(await runJq('.', 'true')).toBe('true\n');
  });

  it('sees none of the process’ environment, where the client secret is', async () => {
    process.env['SCALEKIT_CLIENT_SECRET'] = 'from-the-environment';
    try {
      const seen = await runJq('[env, $ENV]', 'null');
      expect(seen).toMatch(/^\[\{/);
      expect(seen).not.toContain('from-the-environment');
    } finally {
      delete process.env['SCALEKIT_CLIENT_SECRET'];
    }
  });
});

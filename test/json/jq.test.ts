import { describe, expect, it } from 'vitest';
import { checkJq, jqIsTruthy, jqOutputs } from '../../src/json/jq.ts';
import { runJq } from './run-jq.ts';

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
      /^--filter "nosuchfunction" is no jq expression: nosuchfunction\/0 is not defined$/,
    );
  });
});

describe('runJq', () => {
  it.each([
    ['.', '{"a": 1}', '{\n  "a": 1\n}\n'],
    ['.', '{"a":[1,{}],"b":[]}', '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}\n'],
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
    ['--1', 'null', '1\n'],
    ['. # a comment', '1', '1\n'],
    ['.a,\n.b', '{"a":1,"b":2}', '1\n2\n'],
    ['keys_unsorted', '{"b":1,"a":2}', '[\n  "b",\n  "a"\n]\n'],
    ['limit(3; repeat(1))', 'null', '1\n1\n1\n'],
    ['"aGk=" | @base64d', 'null', '"hi"\n'],
    ['.a', '{"a":1}\n{"a":{"b":2}} {"a":3}', '1\n{\n  "b": 2\n}\n3\n'],
    ['[., input]', '1 2 3 4', '[\n  1,\n  2\n]\n[\n  3,\n  4\n]\n'],
    ['.', '', ''],
  ])('%j of %s', async (expression, json, expected) => {
    expect(await runJq(expression, json)).toBe(expected);
  });

  it.each([
    ['.', '{"a": [1, "b"]}', '{"a":[1,"b"]}\n'],
    ['.[]', '[{"a":1},{"a":2}]', '{"a":1}\n{"a":2}\n'],
  ])('%j of %s on one line', async (expression, json, expected) => {
    expect(await runJq(expression, json, { isCompact: true })).toBe(expected);
  });

  it.each([
    ['strings as they are', '.[]', '["a\\"b","c"]', 'a"b\nc\n'],
    ['line breaks', '.', '"a\\n\\nb\\n"', 'a\n\nb\n\n'],
    ['spaces around', '.', '"  a\\t "', '  a\t \n'],
    ['an empty one', '.', '""', '\n'],
    ['control characters', '.', '"\\u0000\\u001b\\u007f"', '\0\u001b\u007f\n'],
    ['what is no string laid out', '.[]', '[{"a":"b"},1,null]', '{\n  "a": "b"\n}\n1\nnull\n'],
  ])('raw: %s', async (_what, expression, json, expected) => {
    expect(await runJq(expression, json, { isRaw: true })).toBe(expected);
  });

  it.each([
    ['.a', '[1]'],
    ['error("no luck")', 'null'],
    ['error', '{"a":1}'],
    ['.a | tonumber', '{"a":"x"}'],
    ['input', '1'],
    ['halt_error', '"stop"'],
    ['.', '{"a":1'],
    ['.', 'no JSON'],
  ])('%j of %s fails as a usage error that says why', async (expression, json) => {
    await expect(runJq(expression, json)).rejects.toMatchObject({
      kind: 'usage',
      code: 'jq_failed',
      message: expect.stringMatching(/^--jq ".*" failed: (?!jq: )[^\n]+$/) as unknown,
    });
  });

  it('a failure names the flag and has jq\u2019s words', async () => {
    await expect(runJq('error("no luck")', 'null', { flag: '--next' })).rejects.toThrow(
      /^--next "error\(\\"no luck\\"\)" failed: no luck$/,
    );
  });

  it('works again after a failure', async () => {
    await expect(runJq('error("x")', 'null')).rejects.toThrow('failed: x');
    expect(await runJq('.', 'true')).toBe('true\n');
  });

  it.each(['[env, $ENV]', '[env.SCALEKIT_CLIENT_SECRET, $ENV.SCALEKIT_CLIENT_SECRET]'])(
    '%s sees none of the process\u2019 environment, where the client secret is',
    async (expression) => {
      process.env['SCALEKIT_CLIENT_SECRET'] = 'from-the-environment';
      try {
        const seen = await runJq(expression, 'null');
        expect(seen).toMatch(/^\[\n {2}(\{|null)/);
        expect(seen).not.toContain('from-the-environment');
      } finally {
        delete process.env['SCALEKIT_CLIENT_SECRET'];
      }
    },
  );

  it.each(['import "a" as a; 1', 'include "package"; 1', 'import "/etc/hostname" as $a; $a'])(
    '%s reads no file',
    async (expression) => {
      await expect(runJq(expression, 'null')).rejects.toThrow(/module not found/);
    },
  );
});

describe('jqOutputs', () => {
  it.each([
    ['.[]', '[1, {"a": 2}, "x\\ny"]', ['1', '{"a":2}', '"x\\ny"']],
    ['empty', '1', []],
    ['.', '"\\u2028\\r\\u0085"', ['"\u2028\\r\u0085"']],
    ['.', '[]\n[1]', ['[]', '[1]']],
    ['""', 'null', ['""']],
  ])('%j of %s', async (expression, json, expected) => {
    expect(await jqOutputs(expression, json)).toEqual(expected);
  });
});

describe('jqIsTruthy', () => {
  it.each([
    ['.ok', '{"ok":true}', true],
    ['.ok', '{"ok":false}', false],
    ['.error', '{}', false],
    ['.error', '{"error":0}', true],
    ['.error', '{"error":""}', true],
    ['empty', '1', false],
    ['.[]', '[null,false,1,null]', true],
    ['.[]', '[null,false]', false],
    ['.', '"false"', true],
  ])('%j of %s is %j', async (expression, json, expected) => {
    expect(await jqIsTruthy(expression, json)).toBe(expected);
  });

  it('is no answer where the expression fails', async () => {
    await expect(jqIsTruthy('.a', '[]', '--fail-on')).rejects.toThrow(/^--fail-on "\.a" failed: /);
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fieldContent, fieldQuery } from '../../../src/request/call/fields.ts';
import type { Field } from '../../../src/request/options.ts';
import { bytesOf, folder, readingOf, usageErrorOf } from './reading.ts';

/** `-f` and `-F` as on the command line, in turn. */
function fieldsOf(argv: readonly string[]): Field[] {
  return argv.flatMap((flag, index) =>
    index % 2 === 1 ? [] : [{ text: argv[index + 1] ?? '', isTyped: flag === '-F' }],
  );
}

async function json(argv: readonly string[], stdin?: string | Uint8Array): Promise<string> {
  const { body } = await fieldContent(readingOf(stdin), fieldsOf(argv));
  return (await bytesOf(body?.data)).toString();
}

describe('the JSON of -f and -F', () => {
  it.each([
    [['-f', 'a=1'], '{"a":"1"}'],
    [['-f', 'a=true'], '{"a":"true"}'],
    [['-f', 'a=@file'], '{"a":"@file"}'],
    [['-f', 'a='], '{"a":""}'],
    [['-f', 'a=b=c'], '{"a":"b=c"}'],
    [['-f', 'a="\\\n\u0001é'], '{"a":"\\"\\\\\\n\\u0001é"}'],
    [['-F', 'a=true', '-F', 'b=false', '-F', 'c=null'], '{"a":true,"b":false,"c":null}'],
    [['-F', 'a=text', '-F', 'b=', '-F', 'c=-'], '{"a":"text","b":"","c":"-"}'],
    [['-F', 'z=1', '-f', 'a=2', '-F', '10=3'], '{"z":1,"a":"2","10":3}'],
    [['-F', 'a b.c-d=1'], '{"a b.c-d":1}'],
    [['-F', '__proto__=1', '-F', 'constructor[x]=2'], '{"__proto__":1,"constructor":{"x":2}}'],
    [['-F', 'a[__proto__]=1'], '{"a":{"__proto__":1}}'],
  ])('%j is %s', async (argv, expected) => {
    expect(await json(argv)).toBe(expected);
  });

  it.each([
    '0',
    '-0',
    '1.10',
    '1e3',
    '1E+3',
    '-1.5e-10',
    '1e400',
    '9007199254740993',
    '123456789012345678901',
  ])('the number %s keeps its digits', async (number) => {
    expect(await json(['-F', `n=${number}`])).toBe(`{"n":${number}}`);
  });

  it.each([
    '007',
    '+1',
    '.5',
    '5.',
    '0x1',
    '1e',
    '1_000',
    ' 1',
    '1 ',
    '1\n',
    'NaN',
    'Infinity',
    'True',
    'NULL',
    '-',
  ])('%j is text, as JSON has no such literal', async (text) => {
    expect(await json(['-F', `n=${text}`])).toBe(`{"n":${JSON.stringify(text)}}`);
  });

  it.each([
    [['-F', 'a[b]=1', '-F', 'a[c]=2'], '{"a":{"b":1,"c":2}}'],
    [['-F', 'a[b][c][d]=1'], '{"a":{"b":{"c":{"d":1}}}}'],
    [['-F', 'a[]=1', '-f', 'a[]=2'], '{"a":[1,"2"]}'],
    [['-F', 'a[b][]=1', '-F', 'a[b][]=2'], '{"a":{"b":[1,2]}}'],
    [['-f', 'a[]'], '{"a":[]}'],
    [['-F', 'a[]', '-F', 'a[]=1'], '{"a":[1]}'],
    [['-f', 'a[b][]'], '{"a":{"b":[]}}'],
    [['-f', 'a[][b][]'], '{"a":[{"b":[]}]}'],
    [['-F', 'a[0]=1'], '{"a":{"0":1}}'],
    [['-F', 'a[][b]=1', '-F', 'a[][c]=2'], '{"a":[{"b":1,"c":2}]}'],
    [['-F', 'a[][b]=1', '-F', 'a[][b]=2'], '{"a":[{"b":1},{"b":2}]}'],
    [
      ['-F', 'a[][b][c]=1', '-F', 'a[][b][d]=2', '-F', 'a[][b][c]=3'],
      '{"a":[{"b":{"c":1,"d":2}},{"b":{"c":3}}]}',
    ],
    [['-F', 'a[][b]=1', '-F', 'a[]=2', '-F', 'a[][b]=3'], '{"a":[{"b":1},2,{"b":3}]}'],
    [
      // The example of gh's own tests.
      [
        '-f',
        'labels[][name]=bug',
        '-f',
        'labels[][colors][]=red',
        '-f',
        'labels[][colors][]=blue',
        '-f',
        'labels[][name]=feature',
        '-f',
        'labels[][colors][]=green',
      ],
      '{"labels":[{"name":"bug","colors":["red","blue"]},{"name":"feature","colors":["green"]}]}',
    ],
  ])('%j nests: %s', async (argv, expected) => {
    expect(await json(argv)).toBe(expected);
  });

  it('@file and @- are text, byte for byte', async () => {
    await writeFile(join(folder, 'note.txt'), '\uFEFF{"a":1}\r\n');
    expect(await json(['-F', 'a=@note.txt', '-F', 'b=@-'], 'é\n')).toBe(
      '{"a":"\uFEFF{\\"a\\":1}\\r\\n","b":"é\\n"}',
    );
  });

  it.each([
    [['-F', 'a=1', '-F', 'a=2'], '"a" contradicts'],
    [['-F', 'a=1', '-F', 'a[b]=2'], '"a[b]" contradicts'],
    [['-F', 'a=1', '-F', 'a[]=2'], '"a[]" contradicts'],
    [['-F', 'a[b]=1', '-F', 'a=2'], '"a" contradicts'],
    [['-F', 'a[b]=1', '-F', 'a[]=2'], '"a[]" contradicts'],
    [['-F', 'a[]=1', '-F', 'a[b]=2'], '"a[b]" contradicts'],
    [['-F', 'a[]=1', '-F', 'a[]'], '"a[]" contradicts'],
    [['-F', 'a[][b]=1', '-F', 'a[][b][c]=2', '-F', 'a[]=1', '-F', 'a=2'], '"a[][b][c]" contradicts'],
    [['-F', '[b]=1'], '"[b]" begins with a bracket'],
    [['-F', '[]=1'], '"[]" begins with a bracket'],
    [['-F', ']=1'], '"]" begins with a bracket'],
    [['-F', 'a[=1'], '"a[" has a bracket without'],
    [['-F', 'a]=1'], '"a]" has a bracket without'],
    [['-F', 'a[b]c=1'], '"a[b]c" has a bracket without'],
    [['-F', 'a[b[c]]=1'], '"a[b[c]]" has a bracket without'],
    [['-F', 'a[][]=1'], '"a[][]" holds a list in a list'],
    [['-F', `a${'[b]'.repeat(65)}=1`], 'more than 64 levels'],
    [['-F', 'a'], 'the field "a" has no value'],
    [['-f', 'a[b]'], 'the field "a[b]" has no value'],
    [['-f', '=1'], 'a field of -f has no name'],
    [['-F', ''], 'a field of -F has no name'],
    [['-F', 'a=@missing.txt'], '-F a: missing.txt cannot be read: ENOENT: no such file or directory'],
    [['-F', 'a=@'], '-F a: no file is named'],
    [['-F', 'a=@.'], '-F a: . cannot be read: it is a folder'],
  ])('%j is refused: %s', async (argv, message) => {
    const error = await usageErrorOf(() => json(argv));
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/, (open|read|stat)/);
    expect(error.hint).toBeDefined();
  });

  it('a file that is no text is refused, and nothing of it shown', async () => {
    const error = await usageErrorOf(() => json(['-F', 'a=@-'], Buffer.from('s3cret\xff', 'latin1')));
    expect(error.message).toBe('-F a is not UTF-8 text, which JSON has to be');
    expect(error.hint).toContain('--form');
  });

  it('a wrong key is found before stdin is read', async () => {
    const unread = readingOf();
    unread.io.stdin.read = () => {
      throw new Error('stdin was read');
    };
    await usageErrorOf(() => fieldContent(unread, fieldsOf(['-F', 'a=@-', '-F', 'b['])));
  });
});

describe('-f and -F in a query', () => {
  it('keys and values as they were typed, files read', async () => {
    await writeFile(join(folder, 'term.txt'), 'a b');
    const argv = [
      '-F',
      'n=1.10',
      '-f',
      'a[b]=x',
      '-F',
      'a[]=null',
      '-f',
      'n=2',
      '-F',
      'q=@term.txt',
      '-f',
      '[z==',
    ];
    expect(await fieldQuery(readingOf(), fieldsOf(argv))).toEqual({
      query: [
        ['n', '1.10'],
        ['a[b]', 'x'],
        ['a[]', 'null'],
        ['n', '2'],
        ['q', 'a b'],
        ['[z', '='],
      ],
    });
  });

  it('an empty list has no place there', async () => {
    const error = await usageErrorOf(() => fieldQuery(readingOf(), fieldsOf(['-f', 'a[]'])));
    expect(error.message).toContain('"a[]" is an empty list');
  });
});

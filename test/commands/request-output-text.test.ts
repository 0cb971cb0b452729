import { describe, expect, it } from 'vitest';
import { answered, type Given, onTerminal, streaming } from './support/answers.ts';
import { useEnvironment } from './support/environment.ts';

const environment = useEnvironment();
const plain = ['--no-color'];

const texts: [string, Given, string][] = [
  ['XML', { body: '<a>\n  <b/>\n</a>\n', type: 'application/xml' }, '<a>\n  <b/>\n</a>\n'],
  ['HTML', { body: '<p>[1]</p>', type: 'text/html' }, '<p>[1]</p>\n'],
  ['YAML', { body: 'a: [1,  2]\n', type: 'application/yaml' }, 'a: [1,  2]\n'],
  ['CSV', { body: 'a,b\r\n1,2\r\n', type: 'text/csv' }, 'a,b\r\n1,2\r\n'],
  ['a form', { body: 'a=1&b=%20', type: 'application/x-www-form-urlencoded' }, 'a=1&b=%20\n'],
  ['HTML that begins as JSON does', { body: '[1,2]', type: 'text/html' }, '[1,2]\n'],
  ['plain text that is JSON', { body: '{"a":1}', type: 'text/plain; charset=utf-8' }, '{\n  "a": 1\n}\n'],
  ['JSON of no declared type', { body: ' [1]' }, '[\n  1\n]\n'],
  ['JSON as an octet stream', { body: '[1]', type: 'application/octet-stream' }, '[\n  1\n]\n'],
  ['a log that begins as JSON does', { body: '[info] up\n', type: 'text/plain' }, '[info] up\n'],
  ['JSON that is none', { body: '{"a":1}}\u001b[2J', type: 'application/json' }, '{"a":1}}␛[2J\n'],
  ['JSON in UTF-16', { body: utf16('[1]'), type: 'application/json' }, '[\n  1\n]\n'],
  ['Shift_JIS', { body: Buffer.from([0x93, 0xfa]), type: 'text/plain; charset=Shift_JIS' }, '日\n'],
  ['Latin-1 of no declared charset', { body: Buffer.from([0x61, 0xe9]), type: 'text/plain' }, 'a\uFFFD\n'],
  ['a charset that nobody knows', { body: 'é', type: 'text/plain; charset=klingon' }, 'é\n'],
  ['blanks', { body: '  ', type: 'application/json' }, '  \n'],
];

function utf16(text: string): Buffer {
  return Buffer.from(`\uFEFF${text}`, 'utf16le');
}

describe('text', () => {
  it.each(texts)('%s on a terminal', async (_what, given, shown) => {
    expect(await answered(environment, given, plain, onTerminal)).toMatchObject({
      exitCode: 0,
      stdout: shown,
      stderr: '',
    });
  });

  it.each(texts)('%s in a pipe, and with --raw on a terminal: its bytes', async (_what, given) => {
    for (const options of [{}, onTerminal]) {
      const result = await answered(environment, given, ['--raw'], options);
      expect(result.bytes.equals(Buffer.from(given.body ?? ''))).toBe(true);
    }
    const piped = await answered(environment, given);
    expect(piped.bytes.equals(Buffer.from(given.body ?? ''))).toBe(true);
  });

  it('--pretty lays out what is JSON in a pipe, and nothing else', async () => {
    const pretty = async (given: Given) => (await answered(environment, given, ['--pretty'])).bytes;
    const text = Buffer.from('caf\xe9\r\n\u001b', 'latin1');
    expect(await pretty({ body: text, type: 'text/plain' })).toEqual(text);
    expect(await pretty({ body: Buffer.from([0, 1, 255]), type: 'image/png' })).toEqual(
      Buffer.from([0, 1, 255]),
    );
    expect(await pretty({ body: '{"a":\xff', type: 'application/json' })).toEqual(Buffer.from('{"a":\xff'));
    expect(await pretty({ body: 'data: {"a":1}\n\n', type: 'text/event-stream' })).toEqual(
      Buffer.from('data: {"a":1}\n\n'),
    );
    const json = await pretty({ body: '{"a":"\u007f\u202e"}', type: 'application/json' });
    expect(json.toString()).toBe('{\n  "a": "\u007f\u202e"\n}\n');
  });

  it('--jq on a status that was expected filters, on any other shows what came', async () => {
    const given = { body: '{"why":"\u202e"}', type: 'application/json', status: 404 };
    const filtered = await answered(environment, given, ['--jq', '.why | length', '--expect-status', '4xx']);
    expect(filtered).toMatchObject({ exitCode: 0, stdout: '1\n' });
    const shown = await answered(environment, given, ['--jq', '.why', '--no-color'], onTerminal);
    expect(shown).toMatchObject({ exitCode: 5, stdout: '{\n  "why": "\\u202e"\n}\n' });
  });

  it('JSON of more than 1 MiB that turns out to be none: laid out up to there, then as it is', async () => {
    const numbers = Array.from({ length: 600_000 }, (_, index) => index % 10).join(',');
    const given = { body: `[${numbers},\u001b[2J oops\r\n`, type: 'application/json' };
    const laidOut = `[\n  ${numbers.replaceAll(',', ',\n  ')},`;
    const shown = await answered(environment, given, plain, onTerminal);
    expect(shown.stdout === `${laidOut}␛[2J oops\r\n`).toBe(true);
    const piped = await answered(environment, given, ['--pretty']);
    expect(piped.stdout === `${laidOut}\u001b[2J oops\r\n`).toBe(true);
  });

  it('comes as it is sent', async () => {
    const stream = await streaming(environment, { 'content-type': 'text/plain' }, plain, onTerminal);
    stream.send('first \r');
    await stream.says(/^first $/, 'stdout');
    stream.send('\nsecond \u001b');
    await stream.says(/^first \r\nsecond ␛$/, 'stdout');
    stream.send(Buffer.from([0xe6, 0x97]));
    stream.send(Buffer.from([0xa5]));
    await stream.says(/日$/, 'stdout');
    stream.end();
    expect(await stream.finished).toMatchObject({ exitCode: 0, stdout: 'first \r\nsecond ␛日\n' });
  });

  it('that breaks off leaves the error a line of its own', async () => {
    const stream = await streaming(environment, { 'content-type': 'text/plain' }, plain, onTerminal);
    stream.send('half a');
    await stream.says(/half a/, 'stdout');
    stream.breakOff();
    const result = await stream.finished;
    expect(result).toMatchObject({ exitCode: 6, stdout: 'half a\n' });
    expect(result.stderr).toMatch(/^error: the answer broke off/);
  });
});

describe('binary on a terminal', () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]);

  it('is refused by its first bytes, and no more of it is downloaded', async () => {
    const headers = { 'content-type': 'image/png', 'content-length': '5000000000' };
    const stream = await streaming(environment, headers, [], onTerminal);
    stream.send(png);
    const result = await stream.finished;
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain(
      '200 with 5,000,000,000 bytes (image/png) that would garble the terminal',
    );
    await stream.released;
  });

  it('says no size that it does not know', async () => {
    const stream = await streaming(environment, { 'content-type': 'image/png' }, [], onTerminal);
    stream.send(png);
    stream.send(Buffer.alloc(100_000));
    expect((await stream.finished).stderr).toContain('200 with bytes (image/png)');
    await stream.released;
  });

  it('of an error is left out, and the error told', async () => {
    const result = await answered(environment, { body: png, type: 'image/png', status: 503 }, [], onTerminal);
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.stderr).toMatch(/6 bytes \(image\/png\)[\s\S]+error: .*503/);
  });
});

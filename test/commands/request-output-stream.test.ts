import { createGzip } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { answered, onTerminal, streaming } from './support/answers.ts';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const ndjson = { 'content-type': 'application/x-ndjson' };
const events = { 'content-type': 'text/event-stream' };
const terminal = [['--no-color'], onTerminal] as const;

describe('NDJSON', () => {
  it('on a terminal: a value a line, as it comes', async () => {
    const stream = await streaming(environment, ndjson, ...terminal);
    stream.send('{"a": 1.0,\t"b":["\u009b2J"]}\n{"a"');
    await stream.says(/^\{"a":1\.0,"b":\["\\u009b2J"\]\}\n$/, 'stdout');
    stream.send(':2}\r\n\n');
    await stream.says(/\n\{"a":2\}\n$/, 'stdout');
    stream.send('no\u0007 JSON\n[3]');
    await stream.says(/\nno␇ JSON\n$/, 'stdout');
    stream.end();
    const result = await stream.finished;
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout.endsWith('no␇ JSON\n[3]\n')).toBe(true);
  });

  it.each([
    ['on a terminal', ...terminal],
    ['filtered', ['--jq', '.'], {}],
  ] as const)('%s: values of one character, too', async (_what, flags, options) => {
    const stream = await streaming(environment, ndjson, flags, options);
    stream.send('1\n');
    await stream.says(/^1\n$/, 'stdout');
    stream.send('2\n');
    await stream.says(/^1\n2\n$/, 'stdout');
    stream.end();
    expect((await stream.finished).exitCode).toBe(0);
  });

  it('in a pipe: its bytes, as they come', async () => {
    const stream = await streaming(environment, ndjson);
    stream.send('{"a": 1}\r\n{"a"');
    await stream.says(/^\{"a": 1\}\r\n\{"a"$/, 'stdout');
    stream.end();
    expect((await stream.finished).stdout).toBe('{"a": 1}\r\n{"a"');
  });

  it('--jq filters value by value, as they come', async () => {
    const stream = await streaming(environment, ndjson, ['--jq', '.id']);
    stream.send('{"id":9007199254740993}\n{"id":2}\n{"id"');
    await stream.says(/^9007199254740993\n2\n$/, 'stdout');
    stream.send(':3}\n');
    await stream.says(/\n3\n$/, 'stdout');
    stream.send('{"id":4}');
    stream.end();
    expect(await stream.finished).toMatchObject({ exitCode: 0, stdout: '9007199254740993\n2\n3\n4\n' });
  });

  it('--jq on a line that is no JSON: what came before it stays', async () => {
    const stream = await streaming(environment, ndjson, ['--jq', '.id']);
    stream.send('{"id":1}\n');
    await stream.says(/^1\n$/, 'stdout');
    stream.send('<html>\n');
    const result = await stream.finished;
    expect(result).toMatchObject({ exitCode: 2, stdout: '1\n' });
    expect(result.error().code).toBe('not_json');
    await stream.released;
  });

  it.each([
    ['a JSON text sequence', 'application/json-seq', '\u001e{"a":\n1}\n\u001e[2]\n', '{"a":1}\n[2]\n'],
    ['blank lines', 'application/jsonl', '\n\n1\n\n"x"\n', '1\n"x"\n'],
    ['a byte order mark', 'application/jsonl', '\uFEFF{"a":1}\n', '{"a":1}\n'],
    ['nothing', 'application/jsonl', '', ''],
  ])('%s', async (_what, type, body, shown) => {
    expect(await answered(environment, { type, body }, ...terminal)).toMatchObject({
      exitCode: 0,
      stdout: shown,
      stderr: '',
    });
    const filtered = await answered(environment, { type, body }, ['--json', '--jq', '.body']);
    expect(filtered).toMatchObject({ exitCode: 0, stdout: `${JSON.stringify(body)}\n` });
  });

  it('--pretty lays each value out', async () => {
    const given = { body: '{"a":1}\nnone\n{"b":[]}', type: 'application/x-ndjson' };
    expect((await answered(environment, given, ['--pretty'])).stdout).toBe(
      '{\n  "a": 1\n}\nnone\n{\n  "b": []\n}\n',
    );
  });
});

describe('server-sent events', () => {
  it('on a terminal: line by line, as they come', async () => {
    const stream = await streaming(environment, events, ...terminal);
    stream.send('event: a\u001b\ndata: {"n": 1,\n');
    await stream.says(/^event: a␛\ndata: \{"n": 1,\n$/, 'stdout');
    stream.send('data: "m":2}\r\n\r\n: ping\r');
    await stream.says(/\n\n: ping\n$/, 'stdout');
    stream.send('\ndata: {"n":  1}\n\ndata:[DONE]\n\n');
    stream.end();
    const result = await stream.finished;
    expect(result.stdout).toBe(
      'event: a␛\ndata: {"n": 1,\ndata: "m":2}\n\n: ping\ndata: {"n":1}\n\ndata:[DONE]\n\n',
    );
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('in colour: what is around the data is dim, JSON is painted', async () => {
    const given = { body: ': ping\nid: 7\ndata: {"n":1}\n\n', type: 'text/event-stream' };
    const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;
    const data = '{\u001b[34m"n"\u001b[39m:\u001b[33m1\u001b[39m}';
    expect((await answered(environment, given, [], onTerminal)).stdout).toBe(
      `${dim(': ping')}\n${dim('id: ')}7\n${dim('data: ')}${data}\n\n`,
    );
  });

  it('in a pipe: the bytes at once', async () => {
    const stream = await streaming(environment, events);
    stream.send('data: 1\r\n\r\ndat');
    await stream.says(/^data: 1\r\n\r\ndat$/, 'stdout');
    stream.end();
    expect((await stream.finished).exitCode).toBe(0);
  });

  it('--jq filters the data that is JSON, event by event', async () => {
    const stream = await streaming(environment, events, ['--jq', '.n']);
    stream.send(': hello\n\nevent: x\ndata: {"n":\ndata: 1}\nid: 7\n\ndata: {"n"');
    await stream.says(/^1\n$/, 'stdout');
    stream.send(':2}\r');
    stream.send('\n\r\ndata: [DONE]\n\n');
    await stream.says(/\n2\n$/, 'stdout');
    stream.send('data: {"n":3}');
    stream.end();
    expect(await stream.finished).toMatchObject({ exitCode: 0, stdout: '1\n2\n3\n' });
  });

  it('Ctrl-C: 130, what came stays, and the connection is let go', async () => {
    const stream = await streaming(environment, events, ...terminal);
    stream.send('data: 1\n\ndata: ha');
    await stream.says(/^data: 1\n\n$/, 'stdout');
    stream.interrupt();
    const result = await stream.finished;
    expect(result).toMatchObject({ exitCode: 130, stdout: 'data: 1\n\ndata: ha\n' });
    await stream.released;
  });

  it('in gzip, as they come too', async () => {
    const stream = await streaming(environment, { ...events, 'content-encoding': 'gzip' });
    const gzip = createGzip().on('data', stream.send);
    gzip.write('data: 1\n\n');
    gzip.flush();
    await stream.says(/^data: 1\n\n$/, 'stdout');
    gzip.end('data: 2\n\n').once('end', stream.end);
    expect(await stream.finished).toMatchObject({ exitCode: 0, stdout: 'data: 1\n\ndata: 2\n\n' });
  });

  it('--json reads to the end', async () => {
    const given = { body: 'data: 1\n\n', type: 'text/event-stream' };
    expect((await answered(environment, given, ['--json'])).json()).toMatchObject({
      body: 'data: 1\n\n',
      bodyEncoding: 'utf8',
    });
  });

  it('a judge reads to the end first, and then they are shown', async () => {
    const given = { body: 'data: {"n":1}\n\n', type: 'text/event-stream' };
    const result = await answered(environment, given, ['--fail-on', 'false']);
    expect(result.stdout).toBe('data: {"n":1}\n\n');
  });
});

describe('JSON', () => {
  it('that is slow in coming is laid out as it comes', async () => {
    const json = { 'content-type': 'application/json' };
    const stream = await streaming(environment, json, ...terminal);
    stream.send('[{"n":1},');
    await stream.says(/^\[\n {2}\{\n {4}"n": 1\n {2}\},$/, 'stdout');
    stream.send('{"n":2');
    await stream.says(/"n": 2$/, 'stdout');
    stream.send('}]');
    stream.end();
    expect((await stream.finished).stdout).toBe('[\n  {\n    "n": 1\n  },\n  {\n    "n": 2\n  }\n]\n');
  });
});

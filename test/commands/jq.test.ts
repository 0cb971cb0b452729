import { describe, expect, it } from 'vitest';
import { useEnvironment } from './support/environment.ts';

const environment = useEnvironment();

function filtered(body: string, flags: readonly string[], terminal?: true) {
  environment.rest.at('/json', (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
  const argv = ['request', '/json', '-c', 'rest', '-i', 'user_1', ...flags];
  return environment.run(argv, terminal === undefined ? {} : { terminal });
}

const BODY = '{"id": 9007199254740993, "name": "a \\"b\\"", "tags": ["x\\ny", 1.10]}';

describe('--jq in a pipe', () => {
  it.each<[flags: string[], stdout: string]>([
    [['--jq', '.tags'], '[\n  "x\\ny",\n  1.10\n]\n'],
    [['--jq', '.id, .name'], '9007199254740993\n"a \\"b\\""\n'],
    [['--jq', '.name', '-r'], 'a "b"\n'],
    [['--raw-output', '--jq', '.tags[]'], 'x\ny\n1.10\n'],
    [['-r', '--json', '--jq', '.body.name, .status'], 'a "b"\n200\n'],
    [['--jq', 'empty', '-r'], ''],
  ])('%j', async (flags, stdout) => {
    expect(await filtered(BODY, flags)).toMatchObject({ exitCode: 0, stdout, stderr: '' });
  });

  it('leaves the bytes alone that a terminal would act on', async () => {
    const result = await filtered('{"a": "\\u001b[2J\u009b"}', ['--jq', '.a', '-r']);
    expect(result.stdout).toBe('\u001b[2J\u009b\n');
  });
});

describe('--jq on a terminal', () => {
  it('is painted, control characters visible', async () => {
    const result = await filtered('{"a\u009b": ["b\u202e", 1.10]}', ['--jq', '.'], true);
    expect(result.stdout).toBe(
      '{\n  \u001b[34m"a\\u009b"\u001b[39m: [\n    \u001b[32m"b\\u202e"\u001b[39m,\n    \u001b[33m1.10\u001b[39m\n  ]\n}\n',
    );
  });

  it('is plain with --no-color, control characters visible', async () => {
    const result = await filtered('["b\u202e"]', ['--jq', '.', '--no-color'], true);
    expect(result.stdout).toBe('[\n  "b\\u202e"\n]\n');
  });

  it('-r: strings unpainted, control characters visible', async () => {
    const result = await filtered('["\\u001b[2J\\tx\\ny", 1]', ['--jq', '.[]', '-r'], true);
    expect(result.stdout).toBe('\u241b[2J\tx\ny\n\u001b[33m1\u001b[39m\n');
  });
});

it('an expression that fails is told by its flag and by the words of jq', async () => {
  const result = await filtered(BODY, ['--jq', 'error("no \\(.id)")', '--no-preflight']);
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.error()).toMatchObject({
    code: 'jq_failed',
    message: '--jq "error(\\"no \\\\(.id)\\")" failed: no 9007199254740993',
  });
});

it('-r without --jq is a usage error, found before the call', async () => {
  const result = await environment.run(['connections', '-r', '--json']);
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.error()).toMatchObject({
    code: 'raw_output_without_jq',
    hint: expect.stringContaining('--jq') as unknown,
  });
});

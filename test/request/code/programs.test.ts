import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indentJson, isJson } from '../../../src/json/indent.ts';
import { useEnvironment } from '../../commands/support/environment.ts';
import type { Received } from '../../commands/support/http.ts';
import { CASES, type Case, FILES } from './support/cases.ts';
import { type Ended, programFolder } from './support/programs.ts';
import { type Seen, seen } from './support/seen.ts';

const environment = useEnvironment();
const folder = programFolder();
afterAll(() => folder.remove());

const PYTHON = fileURLToPath(new URL('support/python', import.meta.url));
const ACCOUNT = ['-c', 'rest', '-i', 'user_1'];
const EXTENSIONS = { typescript: 'ts', curl: 'sh', python: 'py' };
type Language = keyof typeof EXTENSIONS;
const LANGUAGES = Object.keys(EXTENSIONS) as Language[];
const expected: { seen: Seen; stdout: string }[] = [];
let compiled: Ended;

beforeAll(async () => {
  for (const [name, content] of Object.entries(FILES)) folder.write(name, content);
  for (const [index, each] of CASES.entries()) {
    environment.rest.at(each.at, ({ method, body }, response) => {
      const answer = {
        method,

        deep: { of: { it: [{ bytes: body.length > 0 }] } },
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    const { exitCode, stdout, stderr } = await environment.run(
      ['request', ...each.argv, ...ACCOUNT],
      inFolder(each),
    );
    expect({ stderr, exitCode }, each.name).toEqual({ stderr: '', exitCode: 0 });
    expected.push({ seen: await lastSeen(each), stdout });
    for (const language of LANGUAGES) folder.write(fileOf(index, language), await programOf(each, language));
  }
  compiled = await folder.compile(CASES.map((_, index) => fileOf(index, 'typescript')));
}, 240_000);

it('compiles strictly', () => {
  expect(compiled).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

it('is formatted', async () => {
  const style = ['--indent-style=space', '--javascript-formatter-quote-style=single'];
  const files = CASES.map((_, index) => fileOf(index, 'typescript'));
  const ended = await folder.run([
    join(folder.path, 'node_modules/.bin/biome'),
    'format',
    ...style,
    ...files,
  ]);
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
});

it('is Python', async () => {
  const files = CASES.map((_, index) => fileOf(index, 'python'));
  expect(await folder.run(['python3', '-m', 'py_compile', ...files])).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
});

describe.each(['typescript', 'curl'] as const)('%s', (language) => {
  it.each(CASES.map((each, index) => ({ ...each, index })))('$name', async ({ index, ...each }) => {
    const { exitCode, stdout, stderr } = await runProgram(each, index, language);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(await lastSeen(each)).toEqual(expected[index]?.seen);
    expect(answer(stdout)).toBe(answer(expected[index]?.stdout ?? 'nothing'));
  });
});

// The SDK for Python is not to be had here: one with its signatures tells what it was called with.
describe('python', () => {
  it.each(CASES.map((each, index) => ({ ...each, index })))('$name', async ({ index, ...each }) => {
    const { exitCode, stdout, stderr } = await runProgram(each, index, 'python');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const request = JSON.parse(stdout) as Omit<Received, 'body'> & { body: string };
    const body = Buffer.from(request.body, 'base64');
    expect(await seen({ ...request, body }, typedHeaders(each))).toEqual(expected[index]?.seen);
  });
});

async function programOf(each: Case, language: Language): Promise<string> {
  const argv = ['request', ...each.argv, ...ACCOUNT, '--code', language, '--quiet'];
  // Without the environment's variables: it needs none of them.
  const noEnvironment = {
    SCALEKIT_ENV_URL: undefined,
    SCALEKIT_CLIENT_ID: undefined,
    SCALEKIT_CLIENT_SECRET: undefined,
  };
  const { exitCode, stdout, stderr } = await environment.run(argv, { ...inFolder(each), env: noEnvironment });
  expect({ stderr, exitCode }, each.name).toEqual({ stderr: '', exitCode: 0 });
  for (const value of Object.values(each.variables ?? {})) expect(stdout).not.toContain(value);
  return stdout;
}

function runProgram(each: Case, index: number, language: Language): Promise<Ended> {
  const commands = {
    typescript: [process.execPath, `${index}.js`],
    curl: ['sh', fileOf(index, 'curl')],
    python: ['python3', fileOf(index, 'python')],
  };
  const own = { DOTENV_CONFIG_QUIET: 'true', PYTHONPATH: PYTHON, PYTHONDONTWRITEBYTECODE: '1' };
  const env = { ...environment.sandbox.env, ...each.variables, ...own };
  return folder.run(commands[language], { env, stdin: each.stdin });
}

function fileOf(index: number, language: Language): string {
  return `${index}.${EXTENSIONS[language]}`;
}

function inFolder({ stdin }: Case) {
  return { cwd: folder.path, ...(stdin === undefined ? {} : { stdin }) };
}

/** What the upstream got last. */
function lastSeen(each: Case): Promise<Seen> {
  const last = environment.rest.received.splice(0).at(-1);
  if (last === undefined) throw new Error('nothing reached the upstream');
  return seen(last, typedHeaders(each));
}

function typedHeaders({ argv }: Case): string[] {
  return argv.flatMap((word, index) => (argv[index - 1] === '-H' ? [word.split(':', 1)[0] ?? ''] : []));
}

function answer(text: string): string {
  return isJson(text) ? indentJson(text, 0) : text;
}

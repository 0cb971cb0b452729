import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indentJson, isJson } from '../../../src/json/indent.ts';
import { useEnvironment } from '../../commands/support/environment.ts';
import { CASES, type Case, FILES } from './support/cases.ts';
import { type Ended, programFolder } from './support/programs.ts';
import { type Seen, seen } from './support/seen.ts';

const environment = useEnvironment();
const folder = programFolder();
afterAll(() => folder.remove());

const ACCOUNT = ['-c', 'rest', '-i', 'user_1'];
const LANGUAGES = ['typescript', 'curl'] as const;
type Language = (typeof LANGUAGES)[number];
const EXTENSIONS = { typescript: 'ts', curl: 'sh' };
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
}, 120_000);

it('compiles strictly', () => {
  expect(compiled).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

describe.each(LANGUAGES)('%s', (language) => {
  it.each(CASES.map((each, index) => ({ ...each, index })))('$name', async ({ index, ...each }) => {
    const { exitCode, stdout, stderr } = await runProgram(each, index, language);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(await lastSeen(each)).toEqual(expected[index]?.seen);
    expect(answer(stdout)).toBe(answer(expected[index]?.stdout ?? 'nothing'));
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
  const command = language === 'curl' ? ['sh', fileOf(index, 'curl')] : [process.execPath, `${index}.js`];
  const env = { ...environment.sandbox.env, ...each.variables, DOTENV_CONFIG_QUIET: 'true' };
  return folder.run(command, { env, stdin: each.stdin });
}

function fileOf(index: number, language: Language): string {
  return `${index}.${EXTENSIONS[language]}`;
}

function inFolder({ stdin }: Case) {
  return { cwd: folder.path, ...(stdin === undefined ? {} : { stdin }) };
}

/** What the upstream got last. */
function lastSeen({ argv }: Case): Promise<Seen> {
  const typed = argv.flatMap((word, index) =>
    argv[index - 1] === '-H' ? [word.split(':', 1)[0] ?? ''] : [],
  );
  const last = environment.rest.received.splice(0).at(-1);
  if (last === undefined) throw new Error('nothing reached the upstream');
  return seen(last, typed);
}

function answer(text: string): string {
  return isJson(text) ? indentJson(text, 0) : text;
}

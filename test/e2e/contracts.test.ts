import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { childEnv, folders, launch, PROGRAM } from './support/program.ts';

vi.setConfig({ testTimeout: 60_000 });

const TOOLS = `[
  { name: 'greet', input_schema: { type: 'object', properties: { who: { type: 'string' } }, required: ['who'] } },
  { name: 'hang', input_schema: { type: 'object' } },
]`;
const ROUTE = `async (name, input) => {
  if (name === 'greet') return { hello: input.who };
  process.stderr.write('hanging');
  await new Promise(() => {});
}`;
const NAMED = `export const customTools = ${TOOLS};\nexport const routeToolCall = ${ROUTE};\n`;

async function run(name: string, ...argv: string[]) {
  return launch(['tools', ...argv, '--contracts', name]).ended;
}

// Node itself loads the modules here, from the program that was built.
describe('a module of custom tools', () => {
  it.each([
    ['named.mjs', NAMED],
    ['default.mjs', `export default { customTools: ${TOOLS}, routeToolCall: ${ROUTE} };`],
    ['common.cjs', `exports.customTools = ${TOOLS};\nexports.routeToolCall = ${ROUTE};`],
    ['whole.cjs', `module.exports = { customTools: ${TOOLS}, routeToolCall: ${ROUTE} };`],
    ['waits.mjs', `await null;\n${NAMED}`],
  ])('%s', async (name, text) => {
    await writeFile(join(folders.cwd, name), text);
    expect(await run(name, 'exec', 'greet', '-p', 'who=me')).toMatchObject({
      code: 0,
      stdout: '{"hello":"me"}\n',
    });
  });

  it('what it logs is no result', async () => {
    const text = NAMED.replace('=> {\n', "=> {\n  console.log('greeting');\n  console.table([1]);\n");
    await writeFile(join(folders.cwd, 'logs.mjs'), text);
    const { stdout, stderr } = await run('logs.mjs', 'exec', 'greet', '-p', 'who=me');
    expect(stdout).toBe('{"hello":"me"}\n');
    expect(stderr).toContain('greeting\n');
  });

  it('in TypeScript runs where Node loads it, and says what does elsewhere', async () => {
    await writeFile(
      join(folders.cwd, 'typed.mts'),
      NAMED.replace('name, input', 'name: string, input: { who: string }'),
    );
    const { code, stdout, stderr } = await run('typed.mts', 'exec', 'greet', '-p', 'who=me');
    if ('typescript' in process.features && process.features.typescript !== false) {
      expect({ code, stdout }).toEqual({ code: 0, stdout: '{"hello":"me"}\n' });
    } else {
      expect(code).toBe(2);
      expect(stderr).toContain(
        'error: typed.mts: is TypeScript, which this Node does not load: take Node 22.18 or newer',
      );
    }
  });

  it.each([
    ['export const = 1;', "cannot be loaded: Unexpected token '=' (node --check wrong.mjs shows where)"],
    ['import "./nowhere.mjs";', 'cannot be loaded: Cannot find module'],
    ['throw new Error("no luck");', 'cannot be loaded: no luck'],
  ])('that Node cannot load: %s', async (text, message) => {
    await writeFile(join(folders.cwd, 'wrong.mjs'), text);
    const { code, stderr } = await run('wrong.mjs', 'list');
    expect(code).toBe(2);
    expect(stderr).toContain(`error: wrong.mjs: ${message}`);
  });

  it('that does not answer is left by Ctrl-C', async () => {
    await writeFile(join(folders.cwd, 'named.mjs'), NAMED);
    const { child, ended, says } = launch(['tools', 'exec', 'hang', '--contracts', 'named.mjs']);
    await says(/hanging/);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stdout: '' });
  });

  it('that does not load is left by --timeout', async () => {
    await writeFile(join(folders.cwd, 'never.mjs'), 'await new Promise(() => {});');
    expect(await run('never.mjs', 'list', '--timeout', '1')).toMatchObject({ code: 6, stdout: '' });
  });
});

it('what an app does not catch is told in some lines', async () => {
  const library = pathToFileURL(join(dirname(PROGRAM), 'tools.js')).href;
  const app = `import { loadTools } from '${library}';\nawait loadTools('nowhere.yaml', { client: {} });\n`;
  await writeFile(join(folders.cwd, 'app.mjs'), app);
  const failed = promisify(execFile)(process.execPath, ['app.mjs'], { cwd: folders.cwd, env: childEnv() });
  const { stderr } = await failed.catch((error: { stderr: string }) => error);
  expect(stderr).toContain('nowhere.yaml: cannot be read (ENOENT)');
  expect(stderr.length).toBeLessThan(4000);
});

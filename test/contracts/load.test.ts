import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDocumentCache } from '../../src/contracts/document-cache.ts';
import { loadCustomTools } from '../../src/contracts/load.ts';
import { definitionOf } from '../../src/contracts/tool.ts';
import { folderWith, loaded, problemsOf } from './support/files.ts';

const yaml = (name: string, extra = '') =>
  `tools:\n  - name: ${name}\n    input_schema: { type: object }\n    request: { path: /a }\n${extra}`;
const definition = (name: string) => `{ name: '${name}', input_schema: { type: 'object' } }`;

describe('several files', () => {
  it('are one list, in their order', async () => {
    const tools = await loaded({
      'b.yaml': yaml('b'),
      'a.JSON': JSON.stringify({
        tools: [{ name: 'a', input_schema: { type: 'object' }, request: { path: '/' } }],
      }),
      'c.mjs': `export const customTools = [${definition('c')}]; export function routeToolCall() {}`,
    });
    expect(tools.map((tool) => definitionOf(tool).name)).toEqual(['b', 'a', 'c']);
  });

  it('must not have the same name twice', async () => {
    const files = {
      'one.yaml': yaml('same'),
      'two.yaml': yaml('other', yaml('same').replace('tools:\n', '')),
      'three.mjs': `export const customTools = [${definition('same')}]; export const routeToolCall = () => 1;`,
    };
    expect(await problemsOf(files)).toEqual([
      'two.yaml:5:5: same is defined in one.yaml:2:5 already',
      'three.mjs: same is defined in one.yaml:2:5 already',
    ]);
  });

  it('are all checked', async () => {
    expect(await problemsOf({ 'one.yaml': 'tools: 1', 'two.yaml': 'tools: 2' })).toEqual([
      'one.yaml:1:8 tools: must be array, not 1',
      'two.yaml:1:8 tools: must be array, not 2',
    ]);
  });
});

describe('what is no file of tools', () => {
  it('is told', async () => {
    const cwd = await folderWith({ 'tools.txt': '' });
    await expect(loadCustomTools(['nowhere.yaml', 'tools.txt', '.'], { cwd })).rejects.toMatchObject({
      kind: 'usage',
      details: {
        problems: [
          { file: 'nowhere.yaml', message: 'cannot be read (ENOENT)' },
          { file: 'tools.txt', message: expect.stringContaining('is neither a YAML or JSON file') },
          { file: '.', message: expect.stringContaining('is neither a YAML or JSON file') },
        ],
      },
    });
  });
});

describe('a module', () => {
  const tools = `[{ name: 'greet', description: 'Greets', input_schema: { type: 'object' } }]`;

  it.each([
    [
      'tools.mjs',
      `export const customTools = ${tools}; export async function routeToolCall(name) { return name; }`,
    ],
    ['tools.js', `export default { customTools: ${tools}, routeToolCall: (name) => name };`],
    ['tools.cjs', `module.exports = { customTools: ${tools}, routeToolCall: (name) => name };`],
    ['mixed.mjs', `export const customTools = ${tools}; export default { routeToolCall: (name) => name };`],
  ])('%s', async (file, text) => {
    const [tool] = await loaded({ [file]: text, 'package.json': '{"type": "module"}' }).catch(async () =>
      loaded({ [file]: text }),
    );
    expect(tool).toMatchObject({ kind: 'module', definition: { name: 'greet', description: 'Greets' } });
    expect(tool?.kind === 'module' && (await tool.routeToolCall('greet', {}))).toBe('greet');
  });

  it.each([
    [
      'no exports',
      'export {};',
      ['exports no function routeToolCall(name, input)', 'exports no list customTools'],
    ],
    ['no router', `export const customTools = ${tools};`, ['exports no function routeToolCall(name, input)']],
    [
      'no list',
      'export const customTools = {}; export const routeToolCall = () => 1;',
      ['exports no list customTools'],
    ],
    ['what throws', 'throw new Error("no such luck");', ['cannot be loaded: no such luck']],
    ['what is no JavaScript', 'export const = 1;', ['cannot be loaded: ']],
    ['an import of nothing', 'import "./nowhere.mjs";', ['cannot be loaded: Cannot find module']],
    [
      'tools that are none',
      `export const routeToolCall = () => 1;
       export const customTools = [null, { name: 'a b' }, { name: 'ok', input_schema: { type: 'object', properties: 5 } },
         { name: 'ok2', description: 1, input_schema: { type: 'object' }, output_schema: { type: 'odd' } }];`,
      [
        'customTools[0]: is no tool: it must be an object',
        'customTools[1]: has no name of 1 to 64 letters, digits, _ and -: "a b"',
        'customTools[1]: has no input_schema of the type object',
        'customTools[2]: has an input_schema that is no JSON Schema',
        'customTools[3]: has a description that is no text',
        'customTools[3]: has an output_schema that is no JSON Schema',
      ],
    ],
  ])('with %s', async (_what, text, expected) => {
    const problems = await problemsOf({ 'tools.mjs': text });
    expect(problems).toHaveLength(expected.length);
    for (const [index, each] of expected.entries()) expect(problems[index]).toContain(each);
  });
});

describe('files that were found right', () => {
  async function withCache(text: string) {
    const folder = await folderWith({ 'tools.yaml': text });
    const cache = createDocumentCache(join(folder, 'cache'));
    const load = () => loadCustomTools(['tools.yaml'], { cwd: folder, cache });
    const write = (text: string) => writeFile(join(folder, 'tools.yaml'), text);
    return { folder, cache, load, write };
  }

  it('are remembered as they were, until they change', async () => {
    const { folder, load, write } = await withCache(yaml('first'));
    const first = await load();
    const [entry = ''] = await readdir(join(folder, 'cache', 'contracts'));
    expect(await load()).toEqual(first);
    await write(yaml('second'));
    expect(await load()).toMatchObject([{ contract: { name: 'second' } }]);
    await write('tools: []');
    await expect(load()).rejects.toMatchObject({ code: 'bad_contract' });
    expect(await readdir(join(folder, 'cache', 'contracts'))).toEqual([entry]);
  });

  it('are read from the memory', async () => {
    const { folder, load } = await withCache(yaml('first'));
    await load();
    const [entry = ''] = await readdir(join(folder, 'cache', 'contracts'));
    const file = join(folder, 'cache', 'contracts', entry);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"first"', '"remembered"'));
    expect(await load()).toMatchObject([{ contract: { name: 'remembered' } }]);
  });

  it.each(['', '{', 'null', '[]', '{"digest": 1}'])(
    'a memory that is damaged is none: %j',
    async (damage) => {
      const { folder, load } = await withCache(yaml('first'));
      await load();
      const [entry = ''] = await readdir(join(folder, 'cache', 'contracts'));
      await writeFile(join(folder, 'cache', 'contracts', entry), damage);
      expect(await load()).toMatchObject([{ contract: { name: 'first' } }]);
    },
  );

  it('a place that cannot be written to is no error', async () => {
    const folder = await folderWith({ 'tools.yaml': yaml('first'), cache: 'a file' });
    const cache = createDocumentCache(join(folder, 'cache'));
    expect(await loadCustomTools(['tools.yaml'], { cwd: folder, cache })).toHaveLength(1);
  });
});

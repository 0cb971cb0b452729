import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Contract } from '../../../src/contracts/contract.ts';
import { appendTool, newFile, toolText } from '../../../src/tools/new/append-tool.ts';

const contract: Contract = {
  name: 'b',
  description: 'Two lines:\n# no comment',
  input_schema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  request: { path: '/{{id}}', query: { q: '{{id}}', n: 1 } },
  output: '{id: .id, "a-b": 1}',
};

describe('a tool is put behind the others', () => {
  it.each([
    [
      'in YAML',
      '# Ours\ntools:\n  - name: a # first\n    x: [1,   2]\n# end\n',
      '# Ours\ntools:\n  - name: a # first\n    x: [1,   2]\n',
      '# end\n',
    ],
    ['whose list is not indented', 'tools:\n- name: a\nx-b: 1\n', 'tools:\n- name: a\n', 'x-b: 1\n'],
    [
      'with CRLF',
      'tools:\r\n    - name: a\r\n      y: 1\r\n',
      'tools:\r\n    - name: a\r\n      y: 1\r\n',
      '',
    ],
    [
      'behind a long text',
      'tools:\n  - name: a\n    d: |\n      one\n\n      two\n\n\nx-b: 1\n',
      'tools:\n  - name: a\n    d: |\n      one\n\n      two\n',
      '\n\nx-b: 1\n',
    ],
    [
      'behind a text that others follow',
      'tools:\n  - name: a\n    d: |\n      one\nx-b: 1\n',
      'tools:\n  - name: a\n    d: |\n      one\n  - name: b\n',
      '\nx-b: 1\n',
    ],
    [
      'behind nested values',
      'tools:\n  - name: a\n    b:\n      - c:\n          d: "e"\n',
      'tools:\n  - name: a\n    b:\n      - c:\n          d: "e"\n',
      '',
    ],
    ['without a line break at the end', 'tools:\n  - name: a', 'tools:\n  - name: a', ''],
    [
      'in JSON',
      '{\n  "tools": [\n    {\n      "name": "a"\n    }\n  ]\n}\n',
      '{\n  "tools": [\n    {\n      "name": "a"\n    },\n    {',
      '\n  ]\n}\n',
    ],
    ['in JSON on one line', '{"tools":[{"name":"a"}]}', '{"tools":[{"name":"a"}, {', ']}'],
    ['as the first of a list', 'tools: [] # none yet\n', 'tools: [{', '] # none yet\n'],
  ])('%s', (_, text, start, end) => {
    const after = appendTool(text, contract, 'tools.yaml');
    expect(after.startsWith(start)).toBe(true);
    expect(after.endsWith(end)).toBe(true);
    const { tools } = parse(after) as { tools: unknown[] };
    expect(tools.at(-1)).toEqual(contract);
    expect(/(?<!\r)\n/.test(after)).toBe(!text.includes('\r\n') && after.includes('\n'));
  });

  it('and another one behind that', () => {
    const twice = appendTool(newFile(contract, false), { ...contract, name: 'c' }, 'tools.yaml');
    expect((parse(twice) as { tools: { name: string }[] }).tools.map(({ name }) => name)).toEqual(['b', 'c']);
    const json = appendTool(newFile(contract, true), { ...contract, name: 'c' }, 'tools.json');
    expect((JSON.parse(json) as { tools: unknown[] }).tools).toEqual([contract, { ...contract, name: 'c' }]);
    expect(json).toBe(`${JSON.stringify(JSON.parse(json), null, 2)}\n`);
  });

  it.each([
    ['an alias', 'x-a: &a [{name: a}]\ntools: *a\n'],
    ['nothing', 'x-a: 1\n'],
  ])('not where the list is %s', (_, text) => {
    expect(() => appendTool(text, contract, 'tools.yaml')).toThrow('the tool cannot be added to tools.yaml');
  });
});

it('a new file names its schema, for editors', () => {
  expect(newFile(contract, false)).toMatch(
    /^# yaml-language-server: \$schema=https:\/\/\S+\ntools:\n {2}- name: b\n/,
  );
  expect(JSON.parse(newFile(contract, true))).toMatchObject({
    $schema: expect.stringMatching(/^https:/) as string,
  });
});

it('lists of texts stand on one line', () => {
  expect(toolText(contract)).toContain('    required: [id]\n');
});

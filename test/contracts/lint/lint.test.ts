import { describe, expect, it } from 'vitest';
import { lintSource } from '../../../src/contracts/lint/lint.ts';
import { readSource } from '../../../src/contracts/source.ts';

async function lint(text: string) {
  const problems = await lintSource(readSource('tools.yaml', text));
  return problems.map(({ line, column, path, rule, tool }) => `${line}:${column} ${rule} ${tool} ${path}`);
}

const tool = (name: string, more = '') => `
  - name: ${name}
    description: List the users of the CRM
    input_schema: { type: object, properties: {}, additionalProperties: false }
    output_schema: { type: object }
    request: { path: /users }
    output: "{users: .users}"
    examples: [{ input: {} }]${more}`;

describe('a file', () => {
  it('without problems', async () => {
    expect(await lint(`tools:${tool('crm_list_users')}`)).toEqual([]);
  });

  it('that is no YAML', async () => {
    expect(await lint('tools:\n  - name: [\n')).toEqual([expect.stringMatching(/^3:1 format null $/)]);
  });

  it('whose tools are wrong: their format alone is told, and practices of the others', async () => {
    expect(await lint(`tools:${tool('crm_list_users', '\n    outptu: .')}${tool('users')}`)).toEqual([
      '9:13 format crm_list_users tools[0].outptu',
      '10:11 name-style users tools[1].name',
    ]);
  });

  it('that is empty', async () => {
    expect(await lint('')).toEqual([expect.stringMatching(/^1:1 format null/)]);
  });
});

describe('comments', () => {
  it.each([
    ['for the next line', 'tools:\n  # sk-connect-disable-next-line name-style', '  - name: users', []],
    ['for the next line, all rules', 'tools:\n  # sk-connect-disable-next-line', '  - name: users', []],
    [
      'with a reason',
      'tools:\n  # sk-connect-disable-next-line name-style -- the old name',
      '  - name: users',
      [],
    ],
    [
      'of several rules',
      'tools:\n  # sk-connect-disable-next-line no-secret, name-style',
      '  - name: users',
      [],
    ],
    ['on the line', 'tools:', '  - name: users # sk-connect-disable-line name-style', []],
    ['for the file', '# sk-connect-disable name-style\ntools:', '  - name: users', []],
    ['for another rule', '# sk-connect-disable no-secret\ntools:', '  - name: users', ['name-style']],
    [
      'for another line',
      'tools:\n  # sk-connect-disable-next-line name-style\n  #',
      '  - name: users',
      ['name-style'],
    ],
    ['of other words', '# about sk-connect-disable name-style\ntools:', '  - name: users', ['name-style']],
    ['in a text', 'x-a: |\n  # sk-connect-disable name-style\ntools:', '  - name: users', ['name-style']],
  ])('%s', async (_, before, line, expected) => {
    const text = `${before}\n${tool('users').replace('\n  - name: users', line)}\n`;
    const problems = await lintSource(readSource('tools.yaml', text));
    expect(problems.map(({ rule }) => rule)).toEqual(expected);
  });

  it('do not hide what is wrong with the format', async () => {
    const text = `# sk-connect-disable\ntools:${tool('crm_list_users', '\n    outptu: .')}`;
    expect(await lint(text)).toEqual(['10:13 format crm_list_users tools[0].outptu']);
  });
});

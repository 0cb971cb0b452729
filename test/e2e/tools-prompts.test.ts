import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, vi } from 'vitest';
import { useTools } from '../commands/support/tools-environment.ts';
import { folders, onTerminal, type Terminal } from './support/program.ts';

vi.setConfig({ testTimeout: 30_000 });

const object = (
  properties: object,
  required: readonly string[] = Object.keys(properties),
  more: object = {},
) => ({ type: 'object', properties, required, ...more }) as Tool['inputSchema'];
const text = { type: 'string' };
const colours = [
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'indigo',
  'violet',
  'black',
  'white',
  'grey',
  'brown',
];
const address = object({ city: text, code: { type: 'integer' }, note: text }, ['city', 'code']);

const schemas: Readonly<Record<string, Tool['inputSchema']>> = {
  number: object({
    count: { type: 'integer', minimum: 1, maximum: 10, description: 'How many', examples: [3] },
  }),
  kind: object({ kind: { enum: ['plain', 7, null], default: 7 } }),
  colour: object({ colour: { enum: colours } }),
  titled: object({
    size: {
      oneOf: [
        { const: 's', title: 'Small' },
        { const: 'l', title: 'Large' },
      ],
    },
  }),
  secret: object({ api_key: text, pin: { type: 'string', format: 'password', minLength: 4 } }),
  nested: object({ address: { $ref: '#/$defs/address' } }, ['address'], { $defs: { address } }),
  list: object({
    tags: { type: 'array', items: { type: 'string', maxLength: 5 }, minItems: 2, uniqueItems: true },
  }),
  ticks: object({ days: { type: 'array', items: { enum: ['mon', 'tue', 'wed'] }, minItems: 1 } }),
  items: object({ people: { type: 'array', items: object({ name: text }) } }),
  union: object({
    target: {
      oneOf: [
        { ...object({ kind: { const: 'user' }, id: { type: 'integer' } }), title: 'A user' },
        { ...object({ kind: { const: 'group' }, name: text }), title: 'A group' },
      ],
    },
  }),
  optional: object(
    {
      a: text,
      b: { type: 'boolean' },
      c: { enum: ['x', 'y'] },
      d: { type: 'integer', default: 5 },
      e: address,
    },
    ['a'],
  ),
  long: object({ body: { type: 'string', maxLength: 1_000 } }),
  preset: object({ name: { ...text, default: 'Ada' }, sure: { type: 'boolean', default: false } }),
  depends: object({ a: text, b: text }, ['a'], { dependentRequired: { a: ['b'] } }),
  nothing: object({}),
};

const mcp = useTools({
  tools: async () => {
    const tools = Object.entries(schemas).flatMap(([name, inputSchema]) => [
      { name, inputSchema, annotations: { readOnlyHint: true } },
    ]);
    const more = [
      { name: 'send', inputSchema: object({}) },
      { name: 'delete', inputSchema: object({}), annotations: { readOnlyHint: false } },
    ];
    return [...tools, ...more];
  },
});
const { environment } = mcp;
const exec = (tool: string, flags: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
  onTerminal(['tools', 'exec', `c-tools_${tool}`, '-c', 'tools', '-i', 'user_1', ...flags], {
    env: { ...environment.sandbox.env, ...env },
  });

const DOWN = '\u001b[B';
const ENTER = '\r';
const CTRL_C = '\u0003';
const CLEAR = '\u0015';

/** Waits for a question, then types. */
async function answer(terminal: Terminal, question: RegExp, ...keys: string[]): Promise<void> {
  await terminal.says(question);
  for (const key of keys) terminal.pty.write(key);
}

async function sent(terminal: Terminal): Promise<unknown> {
  expect(await terminal.exited).toBe(0);
  expect(mcp.calls).toHaveLength(1);
  return mcp.calls[0]?.arguments;
}

describe('each kind of input in its way', () => {
  it('a number: wrong ones are told as they are typed', async () => {
    const terminal = exec('number');
    await answer(terminal, /count \(How many\) \[integer, 1 to 10, such as 3\]/, `many${ENTER}`);
    await answer(terminal, /must be integer, not "many"/, `${CLEAR}11${ENTER}`);
    await answer(terminal, /must be <= 10, not 11/, `${CLEAR}10${ENTER}`);
    expect(await sent(terminal)).toEqual({ count: 10 });
    expect(terminal.text()).toContain('c-tools_number {"count":10}');
  });

  it('a choice, its default first in line', async () => {
    const terminal = exec('kind');
    await answer(terminal, /❯ 7/, ENTER);
    expect(await sent(terminal)).toEqual({ kind: 7 });
    mcp.calls.length = 0;
    const other = exec('kind');
    await answer(other, /❯ 7/, DOWN, ENTER);
    expect(await sent(other)).toEqual({ kind: null });
  });

  it('a long choice by typing, a choice with titles', async () => {
    const terminal = exec('colour');
    await answer(terminal, /\? colour/, 'vio');
    await answer(terminal, /❯ violet/, ENTER);
    expect(await sent(terminal)).toEqual({ colour: 'violet' });
    mcp.calls.length = 0;
    const titled = exec('titled');
    await answer(titled, /l \(Large\)/, DOWN, ENTER);
    expect(await sent(titled)).toEqual({ size: 'l' });
  });

  it('secrets by name and by format are masked, on the screen and in the summary', async () => {
    const terminal = exec('secret');
    await answer(terminal, /api_key \[string\]/, `hush-hush-6${ENTER}`);
    await answer(terminal, /pin \[string, password\]/, `123${ENTER}`);
    await answer(terminal, /must NOT have fewer than 4 characters, not "\*\*\*"/, `4${ENTER}`);
    expect(await sent(terminal)).toEqual({ api_key: 'hush-hush-6', pin: '1234' });
    expect(terminal.text()).toContain('c-tools_secret {"api_key":"***","pin":"***"}');
    // The tool gives back what it got: what is checked is what was shown before.
    const before = terminal.raw().slice(0, terminal.raw().indexOf('"received"'));
    expect(before).not.toMatch(/hush|1234/);
  });

  it('a nested object field by field, only what is missing in it', async () => {
    const terminal = exec('nested');
    await answer(terminal, /address\.city \[string\]/, `Oslo${ENTER}`);
    await answer(terminal, /address\.code \[integer\]/, `7${ENTER}`);
    expect(await sent(terminal)).toEqual({ address: { city: 'Oslo', code: 7 } });
    mcp.calls.length = 0;
    const begun = exec('nested', ['-p', 'address.city=Rome']);
    await answer(begun, /address\.code \[integer\]/, `8${ENTER}`);
    expect(await sent(begun)).toEqual({ address: { city: 'Rome', code: 8 } });
    expect(begun.text()).not.toContain('address.city');
  });

  it('a list one by one, until nothing is typed', async () => {
    const terminal = exec('list');
    await answer(terminal, /tags, 1 \[string\] \(empty ends the list\)/, `first${ENTER}`);
    await answer(terminal, /tags, 2/, ENTER);
    await answer(terminal, /2 are needed/, `sixsix${ENTER}`);
    await answer(terminal, /must NOT have more than 5 characters/, `${CLEAR}first${ENTER}`);
    await answer(terminal, /It is in the list already/, `${CLEAR}last${ENTER}`);
    await answer(terminal, /tags, 3/, ENTER);
    expect(await sent(terminal)).toEqual({ tags: ['first', 'last'] });
  });

  it('a list of listed values by ticking', async () => {
    const terminal = exec('ticks');
    await answer(terminal, /◯ wed/, ENTER);
    await answer(terminal, /must NOT have fewer than 1 items/, ' ', DOWN, DOWN, ' ', ENTER);
    expect(await sent(terminal)).toEqual({ days: ['mon', 'wed'] });
  });

  it('a list of objects, one after the other', async () => {
    const terminal = exec('items');
    await answer(terminal, /Add an element to people\?/, ENTER);
    await answer(terminal, /people\.0\.name \[string\]/, `Ada${ENTER}`);
    await answer(terminal, /Add another to people\?/, `y${ENTER}`);
    await answer(terminal, /people\.1\.name \[string\]/, `Bob${ENTER}`);
    await answer(terminal, /Add another to people\?/, ENTER);
    expect(await sent(terminal)).toEqual({ people: [{ name: 'Ada' }, { name: 'Bob' }] });
  });

  it('a union: its kind first; what is constant is not asked', async () => {
    const terminal = exec('union');
    await answer(terminal, /A group/, DOWN, ENTER);
    await answer(terminal, /target\.name \[string\]/, `admins${ENTER}`);
    expect(await sent(terminal)).toEqual({ target: { kind: 'group', name: 'admins' } });
  });

  it('defaults are filled in', async () => {
    const terminal = exec('preset');
    await answer(terminal, /name \[string\] \(Ada\)/, ENTER);
    await answer(terminal, /sure \(y\/N\)/, ENTER);
    expect(await sent(terminal)).toEqual({ name: 'Ada', sure: false });
  });

  it('what an answer makes necessary', async () => {
    const terminal = exec('depends');
    await answer(terminal, /a \[string\]/, `1${ENTER}`);
    await answer(terminal, /b \[string\]/, `2${ENTER}`);
    expect(await sent(terminal)).toEqual({ a: '1', b: '2' });
  });

  it('an @ typed at a question is no file', async () => {
    const terminal = exec('depends', ['-p', 'b=x']);
    await answer(terminal, /a \[string\]/, `@/etc/hostname${ENTER}`);
    expect(await sent(terminal)).toEqual({ a: '@/etc/hostname', b: 'x' });
  });

  it('nothing required is nothing asked', async () => {
    const terminal = exec('optional', ['-p', 'a=1']);
    expect(await sent(terminal)).toEqual({ a: '1' });
    expect(terminal.text()).not.toContain('?');
  });
});

describe('long text', () => {
  it('in the editor', async () => {
    const editor = join(folders.home, 'editor.sh');
    await writeFile(editor, '#!/bin/sh\nprintf "line 1\\nline 2\\n" > "$1"\n');
    await chmod(editor, 0o755);
    const terminal = exec('long', [], { EDITOR: editor });
    await answer(terminal, /body \[string\]/, ENTER);
    expect(await sent(terminal)).toEqual({ body: 'line 1\nline 2' });
  });

  it('on one line where there is no editor', async () => {
    const terminal = exec('long');
    await answer(terminal, /body \[string\]/, `short${ENTER}`);
    expect(await sent(terminal)).toEqual({ body: 'short' });
  });
});

describe('--all-fields', () => {
  it('asks for the others too, which can be left out', async () => {
    const terminal = exec('optional', ['--all-fields']);
    await answer(terminal, /a \[string\]/, `1${ENTER}`);
    await answer(terminal, /\? b[\s\S]*❯ \(leave it out\)/, ENTER);
    await answer(terminal, /\? c[\s\S]*❯ \(leave it out\)/, DOWN, ENTER);
    await answer(terminal, /d \[integer\] \(empty leaves it out\) \(5\)/, ENTER);
    await answer(terminal, /Fill in e\?/, `y${ENTER}`);
    await answer(terminal, /e\.city/, `Oslo${ENTER}`);
    await answer(terminal, /e\.code/, `1${ENTER}`);
    await answer(terminal, /e\.note \[string\] \(empty leaves it out\)/, ENTER);
    expect(await sent(terminal)).toEqual({ a: '1', c: 'x', d: 5, e: { city: 'Oslo', code: 1 } });
  });
});

describe('a tool that is not marked read-only', () => {
  it.each(['send', 'delete'])('%s is asked about before it runs', async (tool) => {
    const terminal = exec(tool);
    await answer(
      terminal,
      new RegExp(`c-tools_${tool} may change something\\. Run it\\? \\(y/N\\)`),
      `y${ENTER}`,
    );
    await sent(terminal);
  });

  it.each([ENTER, `n${ENTER}`])('and not run unless that is wanted: %j', async (keys) => {
    const terminal = exec('send');
    await answer(terminal, /Run it\?/, keys);
    await terminal.says(/c-tools_send was not run\s+→ --yes runs it without being asked/);
    expect(await terminal.exited).toBe(130);
    expect(mcp.calls).toEqual([]);
  });

  it.each([[['--yes']], [['--no-input']], [['--json']]])('is not asked about with %j', async (flags) => {
    const terminal = exec('send', flags);
    await sent(terminal);
    expect(terminal.text()).not.toContain('Run it?');
  });

  it('nor with --dry-run', async () => {
    const terminal = exec('send', ['--dry-run']);
    expect(await terminal.exited).toBe(0);
    expect(terminal.text()).not.toContain('Run it?');
  });
});

it.each(['number', 'kind', 'secret', 'list', 'ticks', 'send'])(
  'Ctrl-C at a question of %s is 130, and runs nothing',
  async (tool) => {
    const terminal = exec(tool);
    await answer(terminal, /\? /, CTRL_C);
    expect(await terminal.exited).toBe(130);
    expect(terminal.text()).not.toContain('    at ');
    expect(mcp.calls).toEqual([]);
  },
);

describe('colour in questions', () => {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  const SGR = /\u001b\[\d[\d;]*m/;

  it.each([
    ['there is some', [], {}, true],
    ['--no-color', ['--no-color'], {}, false],
    ['NO_COLOR', [], { NO_COLOR: '1' }, false],
  ] as const)('%s', async (_what, flags, env, isColoured) => {
    for (const tool of ['kind', 'number', 'ticks', 'colour']) {
      const terminal = exec(tool, flags, env);
      await answer(terminal, /\? /, CTRL_C);
      expect(await terminal.exited).toBe(130);
      expect(SGR.test(terminal.raw()), tool).toBe(isColoured);
    }
  });
});

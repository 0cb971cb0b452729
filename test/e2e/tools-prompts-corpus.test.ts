import { expect, it, vi } from 'vitest';
import { useTools } from '../commands/support/tools-environment.ts';
import { corpus } from '../corpus/support/corpus.ts';
import { onTerminal } from './support/program.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const mcp = useTools({
  tools: async () => {
    const tools = (await corpus()).map(({ tool }) => tool);
    return tools;
  },
});
const { environment } = mcp;

const DOWN = '\u001b[B';
const ENTER = '\r';
type Step = readonly [question: RegExp, ...keys: string[]];

/** Answers one question after the other; gives what the tool was called with. */
async function played(tool: string, flags: readonly string[], steps: readonly Step[]): Promise<unknown> {
  const argv = ['tools', 'exec', `c-tools_${tool}`, '-c', 'tools', '-i', 'user_1', '--yes', ...flags];
  const terminal = onTerminal(argv, { env: environment.sandbox.env, columns: 160 });
  for (const [question, ...keys] of steps) {
    await terminal.says(question);
    for (const key of keys) terminal.pty.write(key);
  }
  expect(await terminal.exited, terminal.text()).toBe(0);
  expect(mcp.calls).toHaveLength(1);
  return mcp.calls[0]?.arguments;
}

it('hubspot: a choice, an object of lists, an object of any names as JSON', async () => {
  const sent = await played(
    'hubspot-create-engagement',
    [],
    [
      [/\? type \(The type of engagement[\s\S]*❯ NOTE/, DOWN, ENTER],
      [/\? ownerId .*\[integer/, `0${ENTER}`],
      [/must be > 0, not 0/, `\u00157${ENTER}`],
      [/\? associations\.contactIds, 1 \[integer\]/, `11${ENTER}`],
      [/\? associations\.contactIds, 2/, `12${ENTER}`],
      [/\? associations\.contactIds, 3/, ENTER],
      [/\? associations\.companyIds, 1/, ENTER],
      [/\? associations\.dealIds, 1/, ENTER],
      [/\? associations\.ownerIds, 1/, ENTER],
      [/\? associations\.ticketIds, 1/, ENTER],
      [/\? metadata .*\[JSON\]/, `{"subject": "Call back, é"}${ENTER}`],
    ],
  );
  expect(sent).toMatchObject({
    type: 'TASK',
    ownerId: 7,
    associations: { contactIds: [11, 12] },
    metadata: { subject: 'Call back, é' },
  });
});

it('playwright: objects of a list, each with a choice', async () => {
  const sent = await played(
    'browser_fill_form',
    [],
    [
      [/Add an element to fields/, ENTER],
      [/\? fields\.0\.target /, `#name${ENTER}`],
      [/\? fields\.0\.name /, `Name${ENTER}`],
      [/\? fields\.0\.type [\s\S]*❯ textbox/, DOWN, DOWN, DOWN, ENTER],
      [/\? fields\.0\.value /, `007${ENTER}`],
      [/Add another to fields/, `y${ENTER}`],
      [/\? fields\.1\.target /, `#sure${ENTER}`],
      [/\? fields\.1\.name /, `Sure${ENTER}`],
      [/\? fields\.1\.type [\s\S]*❯ textbox/, DOWN, ENTER],
      [/\? fields\.1\.value /, `true${ENTER}`],
      [/Add another to fields/, `n${ENTER}`],
    ],
  );
  expect(sent).toEqual({
    fields: [
      { target: '#name', name: 'Name', type: 'combobox', value: '007' },
      { target: '#sure', name: 'Sure', type: 'checkbox', value: 'true' },
    ],
  });
});

it('gitlab: all fields, some left out', async () => {
  const sent = await played(
    'create_repository',
    ['--all-fields'],
    [
      [/\? name \(Repository name\) \[string\]/, `rocket${ENTER}`],
      [/\? namespace_id .*\[integer, 1 to \d+\] \(empty leaves it out\)/, `3${ENTER}`],
      [/\? description .*\(empty leaves it out\)/, ENTER],
      [/\? visibility [\s\S]*❯ \(leave it out\)/, DOWN, DOWN, ENTER],
      [/\? initialize_with_readme [\s\S]*❯ \(leave it out\)/, DOWN, ENTER],
    ],
  );
  expect(sent).toEqual({
    name: 'rocket',
    namespace_id: 3,
    visibility: 'internal',
    initialize_with_readme: true,
  });
});

it('gitlab: what is missing inside of an object that was begun on the command line', async () => {
  const begun = [
    '-p',
    'project_id=7',
    '-p',
    'merge_request_iid=1',
    '-p',
    'position.base_sha=a1',
    '-p',
    'body=Hi',
  ];
  const sent = await played('create_merge_request_thread', begun, [
    [/\? position\.head_sha /, `b2${ENTER}`],
    [/\? position\.start_sha /, `c3${ENTER}`],
    [/\? position\.position_type [\s\S]*❯ text/, DOWN, DOWN, ENTER],
  ]);
  expect(sent).toEqual({
    project_id: '7',
    merge_request_iid: '1',
    body: 'Hi',
    position: { base_sha: 'a1', head_sha: 'b2', start_sha: 'c3', position_type: 'file' },
  });
});

it('notion: alternatives within alternatives', async () => {
  const id = '123e4567-e89b-42d3-a456-426614174000';
  const sent = await played(
    'API-post-page',
    [],
    [
      [/\? parent[\s\S]*❯ string/, DOWN, ENTER],
      [/\? parent\.page_id .*\[string, uuid\]/, `no-id${ENTER}`],
      [/must match format "uuid"/, `\u0015${id}${ENTER}`],
      [/\? properties[\s\S]*❯ string/, DOWN, ENTER],
      [/\? properties .*\[JSON\]/, `{"title": [{"text": {"content": "Hi"}}]}${ENTER}`],
    ],
  );
  expect(sent).toEqual({ parent: { page_id: id }, properties: { title: [{ text: { content: 'Hi' } }] } });
});

import type { Command } from 'commander';
import { BREAKING_KINDS, OTHER_KINDS } from '../../src/tools/lock/kinds.ts';
import type { LockOptions } from '../../src/tools/lock/lock.ts';
import { type CommandContext, collect, declare, optionsOf } from '../command.ts';

function inLines(kinds: readonly string[]): string {
  const half = Math.ceil(kinds.length / 2);
  return [kinds.slice(0, half), kinds.slice(half)].map((line) => line.join(', ')).join(',\n              ');
}

const DETAILS = `Without -c the connections of the lockfile are looked at; without a lockfile all on which the user has tools.

Kinds of change:
  breaking    ${inLines(BREAKING_KINDS)}
  undecided   it cannot be told which of two schemas takes more: counts as breaking
  others      ${inLines(OTHER_KINDS)}`;

export function lockCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'lock',
    summary: 'write tools.lock.json, or hold the tools against it',
    details: DETAILS,
    examples: [
      ['sk-connect tools lock -c docs-mcp -i user_123', 'pin the tools of a connection'],
      ['sk-connect tools lock --check -i user_123', 'in CI: exit 1 where a change breaks'],
      ['sk-connect tools lock --check -i user_123 --allow removed-tool', 'pass over a kind of change'],
      ['sk-connect tools lock --update -i user_123', 'show the changes, then pin them'],
    ],
  })
    .option('--file <file>', 'the lockfile (tools.lock.json)')
    .option('--contracts <file>', 'custom tools too: tools.yaml, .json or a module (repeatable)', collect)
    .option('--check', 'compare only: exit 1 where a change is breaking or cannot be told')
    .option('--update', 'compare, then write')
    .option('--allow <what>', 'with --check: a kind of change, a tool, or TOOL:KIND (repeatable)', collect)
    .action(async (_options, command: Command) => {
      const options = optionsOf<LockOptions>(command);
      const { lockTools } = await import('../../src/tools/lock/lock.ts');
      await lockTools(await context.openApp(options), options);
    });
}

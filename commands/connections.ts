import type { Command } from 'commander';
import { type CommandContext, declare, optionsOf } from './command.ts';

export function connectionsCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'connections',
    summary: "the environment's connections",
    examples: [
      ['sk-connect connections', 'their exact names'],
      ['sk-connect connections --jq ".connections[].connectionName"', 'the names alone, as JSON strings'],
    ],
  }).action(async (_options, command: Command) => {
    const { listConnections } = await import('../src/connections/list.ts');
    await listConnections(await context.openApp(optionsOf(command)));
  });
}

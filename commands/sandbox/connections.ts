import type { Command } from 'commander';
import { type CommandContext, declare, declareGroup, optionsOf } from '../command.ts';

export function sandboxConnectionsCommand(context: CommandContext): Command {
  const declaration = {
    name: 'connections',
    summary: "the sandbox's connections, added and removed while it runs",
    examples: [
      ['sk-connect sandbox connections list', 'what there is'],
      ['sk-connect sandbox connections add connection.yaml', 'one more'],
    ],
  } as const;
  return declareGroup(context, declaration, [list(context), add(context), remove(context)]);
}

function list(context: CommandContext): Command {
  return declare(context, {
    name: 'list',
    summary: 'the connections',
    examples: [['sk-connect sandbox connections list --json', 'for a program']],
  }).action(async (_options, command: Command) => {
    const { listConnections } = await import('../../src/sandboxes/control/connections.ts');
    await listConnections(await context.openApp(optionsOf(command)));
  });
}

function add(context: CommandContext): Command {
  return declare(context, {
    name: 'add',
    summary: 'add a connection to a connector that is there',
    examples: [
      ['sk-connect sandbox connections add connection.yaml', "what an entry of a config's connections is"],
    ],
  })
    .argument('<file>', 'YAML or JSON; - for stdin')
    .action(async (file: string, _options, command: Command) => {
      const { addConnection } = await import('../../src/sandboxes/control/connections.ts');
      await addConnection(await context.openApp(optionsOf(command)), file);
    });
}

function remove(context: CommandContext): Command {
  return declare(context, {
    name: 'remove',
    summary: 'remove a connection, its accounts and their links',
    examples: [['sk-connect sandbox connections remove acme-2', 'by its exact name']],
  })
    .argument('<name>', 'the exact Connection name')
    .action(async (name: string, _options, command: Command) => {
      const { removeConnection } = await import('../../src/sandboxes/control/connections.ts');
      await removeConnection(await context.openApp(optionsOf(command)), name);
    });
}

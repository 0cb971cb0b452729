import type { Command } from 'commander';
import type { SnapshotOptions } from '../../src/sandboxes/control/snapshots.ts';
import { type CommandContext, declare, optionsOf } from '../command.ts';

export function snapshotCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'snapshot',
    summary: 'what the sandbox holds beyond its config, as JSON',
    examples: [
      ['sk-connect sandbox snapshot --output accounts.json', 'without anything secret'],
      ['sk-connect sandbox snapshot --include-secrets --output accounts.secret.json', 'to go on from there'],
    ],
  })
    .option('--output <file>', 'into this file, which only you may read')
    .option('--include-secrets', 'with credentials, tokens and links')
    .action(async (_options, command: Command) => {
      const options = optionsOf<SnapshotOptions>(command);
      const { takeSnapshot } = await import('../../src/sandboxes/control/snapshots.ts');
      await takeSnapshot(await context.openApp(options), options);
    });
}

export function restoreCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'restore',
    summary: 'put a snapshot in the place of what the sandbox holds',
    examples: [
      ['sk-connect sandbox restore accounts.secret.json', 'all of it, or where it is wrong nothing'],
    ],
  })
    .argument('<file>', 'a snapshot; - for stdin')
    .action(async (file: string, _options, command: Command) => {
      const { restoreSnapshot } = await import('../../src/sandboxes/control/snapshots.ts');
      await restoreSnapshot(await context.openApp(optionsOf(command)), file);
    });
}

export function resetCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'reset',
    summary: 'go back to the config: accounts, links, clock, faults, log',
    examples: [['sk-connect sandbox reset', 'between two tests']],
  }).action(async (_options, command: Command) => {
    const { resetSandbox } = await import('../../src/sandboxes/control/reset.ts');
    await resetSandbox(await context.openApp(optionsOf(command)));
  });
}

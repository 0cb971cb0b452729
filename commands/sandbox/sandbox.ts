import type { Command } from 'commander';
import { type CommandContext, declareGroup } from '../command.ts';
import { accountsCommand } from './accounts.ts';
import { clockCommand } from './clock.ts';
import { sandboxConnectionsCommand } from './connections.ts';
import { execCommand } from './exec.ts';
import { faultsCommand } from './faults.ts';
import { linksCommand } from './links.ts';
import { logCommand } from './log.ts';
import { resetCommand, restoreCommand, snapshotCommand } from './snapshots.ts';
import { startCommand } from './start.ts';
import { validateCommand } from './validate.ts';

export function sandboxCommand(context: CommandContext): Command {
  const declaration = {
    name: 'sandbox',
    summary: 'the local Scalekit environment',
    examples: [
      ['sk-connect sandbox start', 'run it, with demo providers, until Ctrl-C'],
      ['sk-connect sandbox exec -- npm test', 'run a command in one of its own'],
    ],
  } as const;
  return declareGroup(context, declaration, [
    startCommand(context),
    execCommand(context),
    linksCommand(context),
    accountsCommand(context),
    clockCommand(context),
    faultsCommand(context),
    sandboxConnectionsCommand(context),
    logCommand(context),
    snapshotCommand(context),
    restoreCommand(context),
    resetCommand(context),
    validateCommand(context),
  ]);
}

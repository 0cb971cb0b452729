import type { Command } from 'commander';
import { type CommandContext, declareGroup } from '../command.ts';
import { execCommand } from './exec.ts';
import { listCommand } from './list.ts';

export function toolsCommand(context: CommandContext): Command {
  return declareGroup('tools', 'list and execute the tools a user may call', [
    listCommand(context),
    execCommand(context),
  ]);
}

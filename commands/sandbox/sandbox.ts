import type { Command } from 'commander';
import { type CommandContext, declareGroup } from '../command.ts';
import { startCommand } from './start.ts';

export function sandboxCommand(context: CommandContext): Command {
  return declareGroup('sandbox', 'the local Scalekit environment', [startCommand(context)]);
}

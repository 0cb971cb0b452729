import { type Command, InvalidArgumentError } from 'commander';
import type { LogOptions } from '../../src/sandboxes/control/log.ts';
import { type CommandContext, declare, optionsOf } from '../command.ts';

const MOST = 1000;

export function logCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'log',
    summary: 'the last calls, without anything secret',
    examples: [
      ['sk-connect sandbox log', 'the last 50'],
      ['sk-connect sandbox log --follow -c notes-demo', 'those of one connection as they come, until Ctrl-C'],
      ['sk-connect sandbox log --json --jq ".exchanges[] | select(.fault)"', 'what a fault struck'],
    ],
  })
    .option('-f, --follow', 'go on with those that come, until Ctrl-C')
    .option('--limit <n>', `at most so many, up to ${MOST} (50)`, limit)
    .action(async (_options, command: Command) => {
      const options = optionsOf<LogOptions>(command);
      const { showLog } = await import('../../src/sandboxes/control/log.ts');
      await showLog(await context.openApp(options), options);
    });
}

function limit(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > MOST)
    throw new InvalidArgumentError(`It takes a number from 1 to ${MOST}.`);
  return number;
}

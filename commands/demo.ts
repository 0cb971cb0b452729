import type { Command } from 'commander';
import { type CommandContext, declare, optionsOf } from './command.ts';

export function demoCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'demo',
    summary: 'the whole loop on the sandbox, no account needed',
    examples: [
      ['sk-connect demo', 'authorize, call, list and execute, against real local servers'],
      ['sk-connect demo --json', 'what was run and how it ended, for a program'],
    ],
  }).action(async (_options, command: Command) => {
    const { runDemo } = await import('../src/demo/demo.ts');
    await runDemo(await context.openApp(optionsOf(command)), (argv, io) => context.run(argv, io));
  });
}

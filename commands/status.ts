import type { Command } from 'commander';
import { type CommandContext, declare, optionsOf } from './command.ts';

export function statusCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'status',
    summary: 'where connected accounts stand',
    examples: [
      ['sk-connect status', 'every account of the environment'],
      ['sk-connect status -c github-connect -i user_123', 'one account; exits 4 unless it is ACTIVE'],
      [
        'sk-connect status -i user_123 --wait-for ACTIVE --timeout 120',
        "wait until all of a user's accounts are ACTIVE",
      ],
    ],
  })
    .option('--all', 'every account, whatever SCALEKIT_CONNECTION_NAME and SCALEKIT_IDENTIFIER say')
    .option('--wait-for <state>', 'poll until every account selected is in this state')
    .option('--watch', 'redraw until Ctrl-C')
    .action(async (_options, command: Command) => {
      const options = optionsOf<{ all?: boolean; waitFor?: string; watch?: boolean }>(command);
      const app = await context.openApp(options);
      const { showStatus } = await import('../src/accounts/status.ts');
      await showStatus(app, options);
    });
}

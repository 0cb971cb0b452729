import type { Command } from 'commander';
import type { AuthorizeOptions } from '../src/accounts/authorize.ts';
import { type CommandContext, declare, optionsOf } from './command.ts';

export function authorizeCommand(context: CommandContext): Command {
  return declare({
    name: 'authorize',
    summary: 'get the link, open it, wait until the account is ACTIVE',
    examples: [
      ['sk-connect authorize -c github-connect -i user_123', 'open the consent page and wait'],
      ['sk-connect authorize -c github-connect -i user_123 --no-wait --json', 'only the link, for a program'],
      [
        'sk-connect authorize -c acme-api -i user_123 --credentials key.json',
        'store {"api_key": "…"}, no browser',
      ],
    ],
  })
    .option('--force', 'authorize again although the account is ACTIVE')
    .option('--no-open', 'do not open a browser')
    .option('--wait', 'wait without a terminal too, as in CI')
    .option('--no-wait', 'print the link and exit 4 (the default without a terminal)')
    .option('--credentials <file>', "a static connection's fields as JSON, from a file or - for stdin")
    .action(async (_options, command: Command) => {
      const options = optionsOf<AuthorizeOptions>(command);
      const { authorize } = await import('../src/accounts/authorize.ts');
      await authorize(await context.openApp(options), options);
    });
}

import type { Command } from 'commander';
import type { AuthorizeOptions } from '../src/accounts/authorize-options.ts';
import { type CommandContext, declare, optionsOf, port } from './command.ts';

export function authorizeCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'authorize',
    summary: 'get the link, open it, wait until the account is ACTIVE',
    details: `User verification: an environment may send the user's browser on, to have it said who that user is. While authorize
waits, the browser comes to a page on 127.0.0.1, and authorize says that it is the identifier asked for. Without a
wait nobody listens there: such an environment then needs --verify-url.`,
    examples: [
      ['sk-connect authorize -c github-connect -i user_123', 'open the consent page and wait'],
      ['sk-connect authorize -c github-connect -i user_123 --no-wait --json', 'only the link, for a program'],
      [
        'sk-connect authorize -c acme-api -i user_123 --credentials key.json',
        'store {"api_key": "…"}, no browser',
      ],
      ['sk-connect authorize -c notes-demo -i user_123 --sandbox --approve', 'on a sandbox, no human'],
    ],
  })
    .option('--force', 'authorize again although the account is ACTIVE')
    .option('--no-open', 'do not open a browser')
    .option('--wait', 'wait without a terminal too, as in CI')
    .option('--no-wait', 'print the link and exit 4 (the default without a terminal)')
    .option(
      '--credentials <file>',
      "a static connection's fields as JSON, from a file or - for stdin; with --approve the form's",
    )
    .option('--approve', 'sandbox only: consent without a browser, at the demo provider or in the form')
    .option('--verify-port <n>', 'where the browser comes back to (a free port otherwise)', port)
    .option('--verify-url <url>', "have your app's page there verify the user, and wait until it has")
    .option('--no-verify', 'name no page for user verification')
    .action(async (_options, command: Command) => {
      const options = optionsOf<AuthorizeOptions>(command);
      const { authorize } = await import('../src/accounts/authorize.ts');
      await authorize(await context.openApp(options), options);
    });
}

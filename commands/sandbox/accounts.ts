import type { Command } from 'commander';
import { type CommandContext, declare, declareGroup, optionsOf } from '../command.ts';

export function accountsCommand(context: CommandContext): Command {
  const declaration = {
    name: 'accounts',
    summary: 'connected accounts, and what happens to them in time',
    examples: [
      ['sk-connect sandbox accounts list', 'all of them'],
      ['sk-connect sandbox accounts expire -c notes-demo -i user_123', 'see what your app does then'],
    ],
  } as const;
  return declareGroup(context, declaration, [
    list(context),
    change(context, 'expire', 'end the access token now, with nothing to renew it', 'EXPIRED at once'),
    change(
      context,
      'revoke',
      'take the access back at the provider',
      'still ACTIVE, but the provider says no',
    ),
    change(context, 'disconnect', 'remove the credentials', 'DISCONNECTED'),
    setStatus(context),
  ]);
}

function list(context: CommandContext): Command {
  return declare(context, {
    name: 'list',
    summary: 'the connected accounts',
    examples: [
      ['sk-connect sandbox accounts list -c notes-demo', 'of one connection'],
      ['sk-connect sandbox accounts list --status EXPIRED --json', 'for a program'],
    ],
  })
    .option('--status <status>', 'only those in it')
    .action(async (_options, command: Command) => {
      const options = optionsOf<{ status?: string }>(command);
      const { listAccounts } = await import('../../src/sandboxes/control/accounts.ts');
      await listAccounts(await context.openApp(options), options);
    });
}

type Change = 'expire' | 'revoke' | 'disconnect';

function change(context: CommandContext, name: Change, summary: string, effect: string): Command {
  return declare(context, {
    name,
    summary,
    examples: [[`sk-connect sandbox accounts ${name} -c notes-demo -i user_123`, effect]],
  })
    .argument('[account]', 'its id; the only one of -c and -i otherwise')
    .action(async (account: string | undefined, _options, command: Command) => {
      const { changeAccount } = await import('../../src/sandboxes/control/accounts.ts');
      await changeAccount(await context.openApp(optionsOf(command)), name, account);
    });
}

function setStatus(context: CommandContext): Command {
  return declare(context, {
    name: 'set-status',
    summary: 'put an account into a status, whatever it was in',
    examples: [
      [
        'sk-connect sandbox accounts set-status PENDING_VERIFICATION -c notes-demo -i user_123',
        'and back: ACTIVE',
      ],
    ],
  })
    .argument('<status>', 'ACTIVE, EXPIRED, PENDING_AUTH, PENDING_VERIFICATION or DISCONNECTED')
    .argument('[account]', 'its id; the only one of -c and -i otherwise')
    .action(async (status: string, account: string | undefined, _options, command: Command) => {
      const { setStatus: set } = await import('../../src/sandboxes/control/accounts.ts');
      await set(await context.openApp(optionsOf(command)), status, account);
    });
}

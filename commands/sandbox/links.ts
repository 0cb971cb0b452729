import type { Command } from 'commander';
import type { ApproveOptions, DenyOptions } from '../../src/sandboxes/control/links.ts';
import { type CommandContext, collect, declare, declareGroup, optionsOf } from '../command.ts';

export function linksCommand(context: CommandContext): Command {
  const declaration = {
    name: 'links',
    summary: 'authorization links, and what a user would do with them',
    examples: [
      ['sk-connect sandbox links list', 'the open ones'],
      ['sk-connect sandbox links approve -c notes-demo -i user_123', 'without a browser'],
    ],
  } as const;
  return declareGroup(context, declaration, [list(context), approve(context), deny(context)]);
}

function list(context: CommandContext): Command {
  return declare(context, {
    name: 'list',
    summary: 'the open links',
    examples: [
      ['sk-connect sandbox links list', 'which users are awaited'],
      ['sk-connect sandbox links list --all --json', 'also those that ended within the last hour'],
    ],
  })
    .option('--all', 'also those that were used, denied or have expired')
    .action(async (_options, command: Command) => {
      const options = optionsOf<{ all?: boolean }>(command);
      const { listLinks } = await import('../../src/sandboxes/control/links.ts');
      await listLinks(await context.openApp(options), options);
    });
}

function approve(context: CommandContext): Command {
  return declare(context, {
    name: 'approve',
    summary: 'do what the user would do behind a link',
    examples: [
      ['sk-connect sandbox links approve', 'the only open one'],
      ['sk-connect sandbox links approve -c notes-demo -i user_123', "consent at the demo's provider"],
      [
        'sk-connect sandbox links approve -c weather-demo -i user_123 --field api_key=wk_1',
        'fill in the form',
      ],
    ],
  })
    .argument('[link]', 'its id or its address; the only open one otherwise, of -c and -i')
    .option('--field <name=value>', "what is entered into the sandbox's form (repeatable)", collect)
    .option('--fields <file>', 'the same as a JSON object, from a file or - for stdin')
    .action(async (link: string | undefined, _options, command: Command) => {
      const options = optionsOf<ApproveOptions>(command);
      const { approveLink } = await import('../../src/sandboxes/control/links.ts');
      await approveLink(await context.openApp(options), link, options);
    });
}

function deny(context: CommandContext): Command {
  return declare(context, {
    name: 'deny',
    summary: 'end a link with an error, as a user who says no',
    examples: [
      ['sk-connect sandbox links deny -c notes-demo -i user_123', 'access_denied'],
      ['sk-connect sandbox links deny --error invalid_scope', 'what the provider would say'],
    ],
  })
    .argument('[link]', 'its id or its address; the only open one otherwise, of -c and -i')
    .option('--error <code>', 'the error code (access_denied)')
    .option('--description <text>', 'what the provider says about it')
    .action(async (link: string | undefined, _options, command: Command) => {
      const options = optionsOf<DenyOptions>(command);
      const { denyLink } = await import('../../src/sandboxes/control/links.ts');
      await denyLink(await context.openApp(options), link, options);
    });
}

import { type Command, Option } from 'commander';
import { DEFAULT_FORMAT, FORMAT_NAMES } from '../../src/tools/formats/names.ts';
import type { ListOptions } from '../../src/tools/list.ts';
import { type CommandContext, collect, declare, optionsOf } from '../command.ts';

export function listCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'list',
    summary: 'the tools a user may call',
    examples: [
      ['sk-connect tools list -c docs-mcp -i user_123', 'what this user may call on this connection'],
      ['sk-connect tools list -c docs-mcp -i user_123 --json', 'with their schemas, for a program'],
      ['sk-connect tools list --catalog --query calendar', "search the workspace's tools"],
      [
        'sk-connect tools list -c docs-mcp -i user_123 --format anthropic',
        'as the `tools` of an API request',
      ],
      ['sk-connect tools list -c docs-mcp -i user_123 --estimate-tokens', 'what they cost in context'],
      ['sk-connect tools list --contracts tools.yaml', 'custom tools, without any account'],
    ],
  })
    .option('--name <tool>', 'only this tool (repeatable)', collect)
    .option('--provider <name>', 'only tools of this provider')
    .option('--query <text>', 'only tools whose name or description has this text')
    .option('--contracts <file>', 'custom tools too: tools.yaml, .json or a module (repeatable)', collect)
    .option('--available', 'what could be made available to the user')
    .option('--catalog', "the workspace's tools")
    .addOption(new Option('--format <api>', 'print them as this API takes them').choices(FORMAT_NAMES))
    .option('--strict', 'with --format: strict variants of the tools that can have one')
    .option('--estimate-tokens', `how much context each costs, as --format (${DEFAULT_FORMAT}) puts it`)
    .action(async (_options, command: Command) => {
      const options = optionsOf<ListOptions>(command);
      const { listTools } = await import('../../src/tools/list.ts');
      await listTools(await context.openApp(options), options);
    });
}

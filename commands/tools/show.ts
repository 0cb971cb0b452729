import type { Command } from 'commander';
import type { ShowOptions } from '../../src/tools/show.ts';
import { type CommandContext, collect, declare, optionsOf } from '../command.ts';

export function showCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'show',
    summary: 'one tool: what it does, what it takes, and an example call',
    examples: [
      ['sk-connect tools show c-docs-mcp_search -c docs-mcp -i user_123', 'its inputs as a table'],
      ['sk-connect tools show c-docs-mcp_search -c docs-mcp -i user_123 --schema', 'the schema of its input'],
      ['sk-connect tools show gmail_list_unread --contracts tools.yaml', 'a custom tool of your own'],
    ],
  })
    .argument('<name>', 'the tool, as tools list prints it')
    .option('--schema', 'the JSON Schema of its input, alone')
    .option('--contracts <file>', 'custom tools: tools.yaml, .json or a module (repeatable)', collect)
    .action(async (name: string, _options, command: Command) => {
      const options = optionsOf<ShowOptions>(command);
      const { showTool } = await import('../../src/tools/show.ts');
      await showTool(await context.openApp(options), name, options);
    });
}

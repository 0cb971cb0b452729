import type { Command } from 'commander';
import type { ExecOptions } from '../../src/tools/exec.ts';
import { type CommandContext, collect, declare, optionsOf } from '../command.ts';

export function execCommand(context: CommandContext): Command {
  return declare({
    name: 'exec',
    summary: 'execute a tool, exactly once',
    examples: [
      [
        'sk-connect tools exec c-docs-mcp_search -c docs-mcp -i user_123 -p query=oauth',
        'inputs by name, typed by the schema',
      ],
      ['sk-connect tools exec gmail_fetch_mails -c gmail -i user_123 --input @input.json', 'inputs as JSON'],
      [
        'sk-connect tools exec gmail_fetch_mails -c gmail -i user_123',
        'asks for what is missing, on a terminal',
      ],
      [
        'sk-connect tools exec gmail_list_unread --contracts tools.yaml -i user_123',
        'a custom tool of your own',
      ],
    ],
  })
    .argument('<name>', 'the tool, as tools list prints it')
    .option('-p, --param <key=value>', 'one input, typed by the schema (repeatable)', collect)
    .option('--input <json>', 'all inputs: JSON, @file, or - for stdin')
    .option('--contracts <file>', 'custom tools: tools.yaml, .json or a module (repeatable)', collect)
    .option('--no-preflight', 'do not check first that the account is ACTIVE')
    .action(async (name: string, _options, command: Command) => {
      const options = optionsOf<ExecOptions>(command);
      const { execTool } = await import('../../src/tools/exec.ts');
      await execTool(await context.openApp(options), name, options);
    });
}

import type { Command } from 'commander';
import type { ServeOptions } from '../../src/tools/serve/serve.ts';
import { type CommandContext, collect, declare, optionsOf, port } from '../command.ts';

export function serveCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'serve',
    summary: 'an MCP server of the tools a user may call, and of your own',
    details:
      'Each call is told on stderr, without what went in and came out. A contract file is read anew for each.',
    examples: [
      ['sk-connect tools serve --contracts tools.yaml -i user_123', 'custom tools, for a client to start'],
      ['sk-connect tools serve -c docs-mcp -i user_123', "the account's tools"],
      [
        'sk-connect tools serve --contracts tools.yaml -i user_123 --http 8808',
        'at http://127.0.0.1:8808/mcp',
      ],
    ],
  })
    .option('--contracts <file>', 'custom tools: tools.yaml, .json or a module (repeatable)', collect)
    .option(
      '--http [port]',
      'over HTTP on 127.0.0.1 (a free port otherwise) instead of stdin and stdout',
      port,
    )
    .option('--no-preflight', 'do not check before a call that the account is ACTIVE')
    .action(async (_options, command: Command) => {
      const options = optionsOf<ServeOptions>(command);
      const { serveTools } = await import('../../src/tools/serve/serve.ts');
      await serveTools(await context.openApp(options), options);
    });
}

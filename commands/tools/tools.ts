import type { Command } from 'commander';
import { type CommandContext, declareGroup } from '../command.ts';
import { execCommand } from './exec.ts';
import { lintCommand } from './lint.ts';
import { listCommand } from './list.ts';
import { lockCommand } from './lock.ts';
import { newCommand } from './new.ts';
import { serveCommand } from './serve.ts';
import { showCommand } from './show.ts';

export function toolsCommand(context: CommandContext): Command {
  const declaration = {
    name: 'tools',
    summary: 'list and execute the tools a user may call',
    examples: [
      ['sk-connect tools list -c docs-mcp -i user_123', 'what this user may call'],
      ['sk-connect tools exec c-docs-mcp_search -c docs-mcp -i user_123 -p query=oauth', 'execute one'],
    ],
  } as const;
  return declareGroup(context, declaration, [
    listCommand(context),
    showCommand(context),
    execCommand(context),
    lintCommand(context),
    lockCommand(context),
    newCommand(context),
    serveCommand(context),
  ]);
}

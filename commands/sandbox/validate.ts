import type { Command } from 'commander';
import type { ValidateOptions } from '../../src/sandboxes/validate.ts';
import { type CommandContext, declare, optionsOf } from '../command.ts';

export function validateCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'validate',
    summary: 'hold connector definitions and sandbox configs to what Scalekit takes',
    examples: [
      ['sk-connect sandbox validate notes.json', 'what POST /api/v1/custom-providers would be sent'],
      ['sk-connect sandbox validate sandbox.yaml --strict', 'a whole config, warnings too'],
    ],
  })
    .argument('<file...>', 'connectors or configs, in YAML or JSON; - for stdin')
    .option('--strict', 'exit 2 for warnings too')
    .action(async (files: string[], _options, command: Command) => {
      const options = optionsOf<ValidateOptions>(command);
      const { validateFiles } = await import('../../src/sandboxes/validate.ts');
      await validateFiles(await context.openApp(options), files, options);
    });
}

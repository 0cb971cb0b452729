import { type Command, InvalidArgumentError } from 'commander';
import type { LintOptions } from '../../src/tools/lint.ts';
import { type CommandContext, declare, optionsOf } from '../command.ts';

export function lintCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'lint',
    summary: 'hold custom tools to their format and to best practices',
    examples: [
      ['sk-connect tools lint tools.yaml', 'errors exit 1, warnings do not'],
      ['sk-connect tools lint tools.yaml --strict', 'in CI: warnings too'],
      ['sk-connect tools lint tools.yaml --fix', 'change what can be changed safely'],
    ],
  })
    .argument('[file...]', 'YAML or JSON contracts, or modules')
    .option('--fix', 'change what can be changed safely; comments and layout stay')
    .option('--strict', 'exit 1 for warnings too')
    .option('--max-warnings <n>', 'exit 1 for more warnings than this', count)
    .option('--rules', 'list the rules')
    .action(async (files: string[], _options, command: Command) => {
      const options = optionsOf<LintOptions & { rules?: boolean }>(command);
      const app = await context.openApp(options);
      if (options.rules === true) {
        const { printRules } = await import('../../src/tools/lint-report.ts');
        return printRules(app);
      }
      if (files.length === 0) command.error("error: missing required argument 'file'");
      const { lintFiles } = await import('../../src/tools/lint.ts');
      await lintFiles(app, files, options);
    });
}

function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(value);
}

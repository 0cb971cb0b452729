import { type Command, Option } from 'commander';
import type { ExecOptions } from '../../src/tools/exec.ts';
import { type CommandContext, collect, declare, optionsOf } from '../command.ts';

export function execCommand(context: CommandContext): Command {
  return declare(context, {
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
        'sk-connect tools exec c-charts_draw -c charts -i user_123 -p series.0.values=3 -p kind=pie --output chart.png',
        'nested inputs; the image that comes back goes to a file',
      ],
      [
        'sk-connect tools exec gmail_list_unread --contracts tools.yaml -i user_123',
        'a custom tool of your own',
      ],
    ],
  })
    .description(DESCRIPTION)
    .argument('<name>', 'the tool, as tools list prints it')
    .option(
      '-p, --param <key=value>',
      'one input, typed by the schema: a.b=1 nests, a repeated key is a list, @file is read (repeatable)',
      collect,
    )
    .option('--input <json>', 'all inputs: JSON, @file, or - for stdin; -p wins over it')
    .option('--all-fields', 'ask for what may be left out too, on a terminal')
    .option('--no-validate', 'send input that does not fit the schema')
    .option('--dry-run', 'show the call, make none')
    .addOption(
      new Option('--code <language>', 'print the program that makes the call').choices([
        'typescript',
        'python',
      ]),
    )
    .option('--raw', 'print all of the data as JSON, on a terminal too')
    .option('--output <file>', 'save an image, audio or file that came, else the result; - for stdout')
    .option('--strict-output', 'exit 1 where the answer does not fit the output schema')
    .option('--contracts <file>', 'custom tools: tools.yaml, .json or a module (repeatable)', collect)
    .option('--no-preflight', 'do not check first that the account is ACTIVE')
    .action(async (name: string, _options, command: Command) => {
      const options = optionsOf<ExecOptions>(command);
      const { execTool } = await import('../../src/tools/exec.ts');
      await execTool(await context.openApp(options), name, options);
    });
}

const DESCRIPTION = [
  'Execute a tool, exactly once.',
  '',
  'On a terminal it asks for what is missing, and before a tool runs that is not marked read-only (--yes is the answer). ' +
    'In pipes and CI, and with --json or --no-input, it asks nothing and runs.',
].join('\n');

import type { Command } from 'commander';
import type { NewOptions } from '../../src/tools/new/options.ts';
import { type CommandContext, collect, declare, optionsOf } from '../command.ts';
import { addCallOptions } from '../request-options.ts';

export function newCommand(context: CommandContext): Command {
  const command = declare(context, {
    name: 'new',
    summary: 'make a custom tool of a request that works',
    examples: [
      [
        'sk-connect tools new github_list_issues -c github -i user_123 /repos/{owner}/{repo}/issues --path owner=cli --path repo=cli -q per_page=10',
        'sends it, asks what the model gives, writes tools.yaml',
      ],
      [
        "sk-connect tools new slack_send_message -c slack -i user_123 POST /api/chat.postMessage -f channel=C1 -f text=Hi --inputs channel,text --description 'Send a message to a Slack channel'",
        'without questions',
      ],
    ],
  })
    .usage('<name> [METHOD] PATH [options]')
    .argument('<name>', 'provider, verb and noun, as in slack_send_message')
    .argument('<method-or-path>', 'the method, GET where it is left out (POST with a body)')
    .argument('[path]', "behind the connector's base URL; {name} is filled by --path and becomes an input")
    .option('--file <file>', 'the contract file that it is added to (tools.yaml); - prints it only')
    .option('--description <text>', 'what the tool does, for the model')
    .option('--inputs <names>', 'what of the request the model gives: a,b or name=a')
    .option('--optional <names>', 'inputs that may be left out')
    .option('--describe <name=text>', 'what an input is, for the model (repeatable)', collect)
    .option('--output-expr <expr>', 'jq on the answer: what the tool returns')
    .option('--no-preflight', 'do not check first that the account is ACTIVE')
    .option('--dry-run', 'print the tool without its output; send and write nothing')
    .action(async (name: string, first: string, second: string | undefined, _options, command: Command) => {
      const options = optionsOf<NewOptions>(command);
      const { newTool } = await import('../../src/tools/new/new.ts');
      const words = second === undefined ? [first] : [first, second];
      await newTool(await context.openApp(options), name, words, options);
    });
  return addCallOptions(command);
}

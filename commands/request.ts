import type { Command } from 'commander';
import type { RequestOptions } from '../src/request/request.ts';
import { type CommandContext, collect, declare, optionsOf } from './command.ts';

export function requestCommand(context: CommandContext): Command {
  return declare({
    name: 'request',
    summary: "call the provider's API through the proxy",
    examples: [
      [
        'sk-connect request /user -c github-connect -i user_123',
        'GET; Scalekit adds the base URL and the credentials',
      ],
      [
        'sk-connect request /search/issues -q "q=is:open author:me" -q per_page=5',
        'query parameters, encoded for you',
      ],
      ['sk-connect request POST /v1/notes -d \'{"title": "Hello"}\'', 'JSON; @file and - work too'],
      ['sk-connect request /user --jq .login', 'filter the body with jq (with --json: the whole answer)'],
      ['sk-connect request /v1/report.pdf --output report.pdf', 'into a file, byte for byte'],
    ],
  })
    .usage('[METHOD] PATH [options]')
    .argument('<method-or-path>', 'the method, GET where it is left out (POST with a body)')
    .argument('[path]', "behind the connector's base URL, with or without a query")
    .option('-q, --query <k=v>', 'append a query parameter (repeatable)', collect)
    .option('-H, --header <k:v>', 'send a header (repeatable)', collect)
    .option('-d, --data <body>', 'the body: text, @file, or - for stdin')
    .option('--include', 'print the status line and headers too')
    .option('--output <file>', 'save the body to a file; - passes it to stdout as it is')
    .option('--no-preflight', 'do not check first that the account is ACTIVE')
    .action(async (first: string, second: string | undefined, _options, command: Command) => {
      const options = optionsOf<RequestOptions>(command);
      const { request } = await import('../src/request/request.ts');
      await request(
        await context.openApp(options),
        second === undefined ? [first] : [first, second],
        options,
      );
    });
}

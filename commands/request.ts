import type { Command } from 'commander';
import type { RequestOptions } from '../src/request/options.ts';
import { type CommandContext, declare, optionsOf } from './command.ts';
import { addRequestOptions } from './request-options.ts';

export function requestCommand(context: CommandContext): Command {
  const command = declare(context, {
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
      [
        'sk-connect request /v1/notes -f title=Hello -F pinned=true',
        'the same from fields, a POST by itself',
      ],
      ['sk-connect request /user --jq .login', 'filter the body with jq (with --json: the whole answer)'],
      ['sk-connect request /v1/report.pdf --output report.pdf', 'into a file, byte for byte'],
      ['sk-connect request /repos/me/app/issues --paginate --stream', 'every page, a JSON value a line'],
      [
        `sk-connect request /v1/health --expect-status 200 --expect '.status == "ok"'`,
        'a smoke check: exits 1 where it does not hold',
      ],
      ['sk-connect request /user --code typescript', 'the program that does the same'],
    ],
  })
    .usage('[METHOD] PATH [options]')
    .argument('[method]', 'GET where it is left out (POST with a body)')
    .argument('[path]', "behind the connector's base URL, with or without a query")
    .action(async (first: string | undefined, second: string | undefined, _options, command: Command) => {
      const options = optionsOf<RequestOptions>(command);
      const { request } = await import('../src/request/request.ts');
      const words = [first, second].filter((word) => word !== undefined);
      await request(await context.openApp(options), words, options);
    });
  return addRequestOptions(command);
}

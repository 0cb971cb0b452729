import type { Command } from 'commander';
import type { ServeOptions } from '../../src/sandboxes/serve.ts';
import { type CommandContext, declare, optionsOf, port } from '../command.ts';
import { userVerificationOption } from './user-verification-option.ts';

export function startCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'start',
    summary: 'run the sandbox until Ctrl-C',
    examples: [
      ['sk-connect sandbox start', 'with the demo providers, on a free port'],
      ['sk-connect sandbox start --config sandbox.yaml --port 8787', 'with your connectors'],
      [
        'sk-connect sandbox start --config sandbox.yaml --state sandbox.state',
        'what was authorized stays so, from one run to the next',
      ],
      [
        'sk-connect sandbox start --write-env .env.sandbox',
        'then: sk-connect status --env-file .env.sandbox',
      ],
    ],
  })
    .option('--port <n>', 'listen there (a free port otherwise)', port)
    .option('--config <file>', 'connectors, connections and accounts, in YAML or JSON (the demo otherwise)')
    .option('--state <file>', 'keep accounts and tokens in this file from one run to the next')
    .addOption(userVerificationOption())
    .option('--write-env <file>', 'write the variables to this file too; removed when it stops')
    .action(async (_options, command: Command) => {
      const options = optionsOf<ServeOptions>(command);
      const { serveSandbox } = await import('../../src/sandboxes/serve.ts');
      await serveSandbox(await context.openApp(options), options);
    });
}

import type { Command } from 'commander';
import type { SandboxSource } from '../../src/sandboxes/run-sandbox.ts';
import { type CommandContext, declare, optionsOf } from '../command.ts';
import { userVerificationOption } from './user-verification-option.ts';

export function execCommand(context: CommandContext): Command {
  return declare(context, {
    name: 'exec',
    summary: 'run a command in a sandbox of its own',
    details: [
      'The command gets SCALEKIT_ENV_URL (also SCALEKIT_ENVIRONMENT_URL), SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET and',
      'SK_CONNECT_SANDBOX_TOKEN, and with them every sk-connect command in it. Its exit code is the one of all of it.',
    ].join('\n'),
    examples: [
      ['sk-connect sandbox exec -- npm test', 'integration tests, with the demo providers'],
      ['sk-connect sandbox exec --config sandbox.yaml -- node agent.js', 'with your connectors'],
      ['sk-connect sandbox exec -- sk-connect status', 'in it, sk-connect needs no flags'],
    ],
  })
    .usage('[options] -- COMMAND [ARGUMENT…]')
    .argument('<command...>', 'what to run, with its arguments')
    .passThroughOptions()
    .option('--config <file>', 'connectors, connections and accounts, in YAML or JSON (the demo otherwise)')
    .option('--state <file>', 'keep accounts and tokens in this file from one run to the next')
    .addOption(userVerificationOption())
    .action(async (words: string[], _options, command: Command) => {
      const options = optionsOf<SandboxSource>(command);
      const { execInSandbox } = await import('../../src/sandboxes/exec.ts');
      await execInSandbox(await context.openApp(options), words, options);
    });
}

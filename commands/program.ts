import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { authorizeCommand } from './authorize.ts';
import { type CommandContext, helpExamples } from './command.ts';
import { connectionsCommand } from './connections.ts';
import { demoCommand } from './demo.ts';
import { addGlobalOptions, globalOptionsHelp, ownOptionsFirst } from './global-options.ts';
import { requestCommand } from './request.ts';
import { sandboxCommand } from './sandbox/sandbox.ts';
import { statusCommand } from './status.ts';
import { toolsCommand } from './tools/tools.ts';

const commands = [
  authorizeCommand,
  statusCommand,
  requestCommand,
  toolsCommand,
  connectionsCommand,
  sandboxCommand,
  demoCommand,
];

/** The whole command line, declared; what a command does is loaded when it runs. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('sk-connect')
    .description(
      'Test connectors on Scalekit AgentKit: authorize, call, list and execute tools, check in CI.',
    )
    .version(packageJson.version)
    .usage('<command> [options]')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp(ownOptionsFirst)
    .configureOutput({
      writeOut: (text) => void context.io.stdout.write(text),
      writeErr: (text) => void context.io.stderr.write(text),
      // src/main.ts reports errors, as JSON where that is asked for.
      outputError: () => {},
      getOutHelpWidth: () => context.io.stdout.columns ?? 80,
    })
    .addHelpText('after', () => [globalOptionsHelp(), EXIT_CODES, helpExamples(EXAMPLES)].join('\n'));
  for (const declare of commands) addCommand(program, declare(context));
  addGlobalOptions(program);
  return program;
}

/** commander passes `exitOverride` and the output on to commands it makes itself, not to added ones. */
function addCommand(parent: Command, command: Command): void {
  inheritSettings(command, parent);
  parent.addCommand(command);
}

function inheritSettings(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheritSettings(child, parent);
}

const EXIT_CODES = `
Exit codes:
  0 done · 1 an expectation failed · 2 usage · 3 credentials refused · 4 account not ACTIVE
  5 the provider, a tool or Scalekit answered with an error · 6 not reachable or timed out
  70 a bug in sk-connect · 130 interrupted`;

const EXAMPLES = [
  ['sk-connect demo', 'the whole loop on a local sandbox, no account needed'],
  ['sk-connect authorize -c github-connect -i user_123', 'bring an account to ACTIVE'],
  ['sk-connect request /user -c github-connect -i user_123', "call the provider's API through the proxy"],
] as const;

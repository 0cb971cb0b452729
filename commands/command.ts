import { Command, InvalidArgumentError, Option } from 'commander';
import type { App } from '../src/app.ts';
import type { GlobalOptions } from '../src/config/options.ts';
import type { Io } from '../src/terminal/io.ts';

/** What a command file is given to declare itself with. */
export interface CommandContext {
  io: Io;
  /** The app of this invocation, made from the flags that were parsed. */
  openApp(options: GlobalOptions): Promise<App>;
  /** Runs another invocation in this process; returns its exit code. */
  run(argv: readonly string[], io: Io): Promise<number>;
}

export interface Declaration {
  name: string;
  summary: string;
  /** Ends the help: `[command line, what it does]`. They work as they stand. */
  examples: readonly (readonly [command: string, meaning: string])[];
  /** Here -q is the command's own; quiet has only its long form. */
  ownsShortQ?: boolean;
}

/** A command with the flags that every command takes, and its examples at the end of its help. */
export function declare({ name, summary, examples, ownsShortQ = false }: Declaration): Command {
  const command = new Command(name).summary(summary).description(summary).allowExcessArguments(false);
  for (const option of globalOptions(ownsShortQ)) command.addOption(option);
  return command.addHelpText('after', helpExamples(examples));
}

/** A command that only holds others. */
export function declareGroup(name: string, summary: string, commands: readonly Command[]): Command {
  const group = new Command(name).summary(summary).description(summary);
  for (const command of commands) group.addCommand(command);
  return group;
}

/** A command's own options with the global ones, given before or after its name. */
export function optionsOf<Own extends object>(command: Command): Own & GlobalOptions {
  const chain: object[] = [];
  for (let current: Command | null = command; current !== null; current = current.parent) {
    chain.unshift(
      Object.fromEntries(Object.entries(current.opts()).filter(([key]) => isGiven(current, key))),
    );
  }
  return { ...command.opts(), ...Object.assign({}, ...chain) } as Own & GlobalOptions;
}

function isGiven(command: Command | null, key: string): boolean {
  return command?.getOptionValueSource(key) !== 'default';
}

const GLOBAL_OPTIONS = 'Global options:';

/** Under a name of its own: commander would take it for the opposite of `tools exec --input JSON`. */
class NoInputOption extends Option {
  override attributeName(): string {
    return 'mayAsk';
  }
}

export function globalOptions(ownsShortQ = false): Option[] {
  const option = (flags: string, description: string) =>
    new Option(flags, description).helpGroup('Global options:');
  return [
    option('-c, --connection <name>', 'the Connection name (SCALEKIT_CONNECTION_NAME)'),
    option('-i, --identifier <id>', "your app's id of the user (SCALEKIT_IDENTIFIER)"),
    option('--env-url <url>', 'the environment (SCALEKIT_ENV_URL)'),
    option('--client-id <id>', 'its client id (SCALEKIT_CLIENT_ID)'),
    option('--env-file <file>', 'read variables from this file too'),
    option('--sandbox', 'use the sandbox that is running'),
    option('--json', 'print one JSON document'),
    option('--jq <expr>', 'filter that document with jq'),
    option('--timeout <seconds>', 'a total deadline').argParser(seconds),
    new NoInputOption('--no-input', 'never ask').helpGroup(GLOBAL_OPTIONS),
    option('-y, --yes', 'answer yes where something would be asked'),
    option('--no-token-cache', 'neither read nor keep the environment token (SK_CONNECT_NO_TOKEN_CACHE)'),
    option('--insecure-http', 'allow an http:// environment that is not on this machine'),
    option('--no-color', 'no colour (NO_COLOR)'),
    option(ownsShortQ ? '--quiet' : '-q, --quiet', 'no notices'),
    option('-v, --verbose', 'show every HTTP and gRPC attempt, secrets masked'),
  ];
}

/** For options that may be repeated. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

/** More would overflow Node's timers, which then fire at once. */
const MOST_SECONDS = 2_147_483;

function seconds(value: string): number {
  const number = Number(value);
  if (!(number > 0) || number > MOST_SECONDS) {
    throw new InvalidArgumentError(`It takes seconds, more than 0 and at most ${MOST_SECONDS}.`);
  }
  return number;
}

function helpExamples(examples: Declaration['examples']): string {
  const lines = examples.flatMap(([line, meaning]) => [`  # ${meaning}`, `  $ ${line}`]);
  return `\nExamples:\n${lines.join('\n')}`;
}

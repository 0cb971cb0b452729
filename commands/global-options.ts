import { type Command, Help, type HelpConfiguration, InvalidArgumentError, Option } from 'commander';
import { isUsed } from './command.ts';

const GLOBAL_OPTIONS = 'Global options:';

/** Under a name of its own: commander would take it for the opposite of `tools exec --input JSON`. */
class NoInputOption extends Option {
  override attributeName(): string {
    return 'mayAsk';
  }
}

/**
 * Gives a command and those below it the flags that every command takes, before or after its name. They are
 * shown in the help of commands that do something.
 */
export function addGlobalOptions(command: Command): void {
  if (!isUsed(command)) return;
  const isGroup = command.commands.length > 0;
  // `request -q k=v` is its own; quiet has only its long form there.
  const ownsShortQ = command.options.some(({ short }) => short === '-q');
  for (const option of globalOptions(ownsShortQ)) command.addOption(option.hideHelp(isGroup));
  for (const child of command.commands) addGlobalOptions(child);
}

/** A command's own options stand first, also where `--help` is all that it has: commander goes by the declared ones. */
export const ownOptionsFirst: HelpConfiguration = {
  groupItems<T extends Command | Option>(declared: T[], visible: T[], groupOf: (item: T) => string) {
    const groups = new Help().groupItems(declared, visible, groupOf);
    const global = groups.get(GLOBAL_OPTIONS);
    if (groups.delete(GLOBAL_OPTIONS) && global !== undefined) groups.set(GLOBAL_OPTIONS, global);
    return groups;
  },
};

/** The flags and what they mean, for the help of the program itself. */
export function globalOptionsHelp(): string {
  const lines = globalOptions(false).map(({ flags, description }) => `  ${flags.padEnd(26)}${description}`);
  return `\n${GLOBAL_OPTIONS}\n${lines.join('\n')}`;
}

function globalOptions(ownsShortQ: boolean): Option[] {
  const option = (flags: string, description: string) =>
    new Option(flags, description).helpGroup(GLOBAL_OPTIONS);
  return [
    option('-c, --connection <name>', 'the Connection name (SCALEKIT_CONNECTION_NAME)'),
    option('-i, --identifier <id>', "your app's id of the user (SCALEKIT_IDENTIFIER)"),
    option('--env-url <url>', 'the environment (SCALEKIT_ENV_URL)'),
    option('--client-id <id>', 'its client id (SCALEKIT_CLIENT_ID)'),
    option('--env-file <file>', 'read variables from this file too'),
    option('--sandbox', 'use the sandbox that is running'),
    option('--json', 'print one JSON document'),
    option('--jq <expr>', 'filter that document with jq'),
    option('-r, --raw-output', 'with --jq: strings without quotes'),
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

/** More would overflow Node's timers, which then fire at once. */
const MOST_SECONDS = 2_147_483;

function seconds(value: string): number {
  const number = Number(value);
  if (!(number > 0) || number > MOST_SECONDS) {
    throw new InvalidArgumentError(`It takes seconds, more than 0 and at most ${MOST_SECONDS}.`);
  }
  return number;
}

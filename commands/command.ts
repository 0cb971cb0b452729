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
  /** The words of this invocation: a command that is not among them is not run. All may be where they are left out. */
  words?: readonly string[];
}

export interface Declaration {
  name: string;
  summary: string;
  /** What the options do not say; stands between them and the examples. */
  details?: string;
  /** Ends the help: `[command line, what it does]`. They work as they stand. */
  examples: readonly (readonly [command: string, meaning: string])[];
}

/** Flags are only made for a command that may be run: making all of them takes longer than anything else at the start. */
class UnusedCommand extends Command {
  constructor(name: string) {
    super(name);
    // Help and suggestions of the command above it tell that it takes some.
    super.addOption(SOME_OPTION);
  }

  override option(): this {
    return this;
  }

  override addOption(): this {
    return this;
  }

  override action(): this {
    return this;
  }
}

const SOME_OPTION = new Option('--some');

/** A command with its examples at the end of its help. */
export function declare({ words }: CommandContext, declaration: Declaration): Command {
  const { name, summary, details, examples } = declaration;
  if (words !== undefined && !words.includes(name)) return new UnusedCommand(name).summary(summary);
  return new Command(name)
    .summary(summary)
    .description(sentence(summary))
    .allowExcessArguments(false)
    .addHelpText('after', `${details === undefined ? '' : `\n${details}\n`}${helpExamples(examples)}`);
}

/** A command that only holds others. */
export function declareGroup(
  context: CommandContext,
  declaration: Declaration,
  commands: readonly Command[],
): Command {
  // What follows the command that `sandbox exec` runs is that command's.
  const group = declare(context, declaration).usage('<command> [options]').enablePositionalOptions();
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

/** Whether it was declared whole. */
export function isUsed(command: Command): boolean {
  return !(command instanceof UnusedCommand);
}

function isGiven(command: Command | null, key: string): boolean {
  return command?.getOptionValueSource(key) !== 'default';
}

/** For options that may be repeated. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

/** The argument of an option that takes a port; 0 is a free one. */
export function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535)
    throw new InvalidArgumentError('It takes a port from 0 to 65535.');
  return number;
}

export function helpExamples(examples: Declaration['examples']): string {
  const lines = examples.flatMap(([line, meaning]) => [`  # ${meaning}`, `  $ ${line}`]);
  return `\nExamples:\n${lines.join('\n')}`;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

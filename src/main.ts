import { CommanderError } from 'commander';
import { createProgram } from '../commands/program.ts';
import { type App, createApp } from './app.ts';
import type { GlobalOptions } from './config/options.ts';
import { closedPipe, EndedAs } from './end.ts';
import { exitCodes, messageOf, SkConnectError, usageError } from './errors.ts';
import { checkJq } from './json/jq.ts';
import { createRedactor } from './redact.ts';
import type { Io } from './terminal/io.ts';
import { createTerminal, type Terminal } from './terminal/terminal.ts';

/** Runs one invocation. Returns its exit code; throws nothing. `argv` is without the program's name. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const redactor = createRedactor();
  let app: App | undefined;
  const program = createProgram({
    io,
    words: argv,
    run: main,
    openApp: async (options) => {
      app = createApp(io, options, redactor);
      if (options.jq !== undefined) {
        await checkJq(options.jq);
      } else if (options.rawOutput === true) {
        throw usageError('-r is for what --jq gives', 'Add --jq EXPR; --json prints the document.', {
          code: 'raw_output_without_jq',
        });
      }
      return app;
    },
  });
  try {
    if (argv.length === 0) program.help();
    refuseSecretFlag(ownWords(argv));
    await program.parseAsync(helpOfCommand(argv), { from: 'user' });
    return exitCodes.done;
  } catch (thrown) {
    if (thrown instanceof EndedAs) return thrown.exitCode;
    const error = app?.signal.aborted ? endedBy(app.signal.reason, thrown) : thrown;
    if (error === closedPipe) return exitCodes.done;
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    // A group without one of its commands: commander has printed its help to stderr.
    if (error instanceof CommanderError && error.code === 'commander.help') return exitCodes.usage;
    return report(fromThrown(error), createTerminal(io, reportOptions(ownWords(argv))), (text) =>
      redactor.apply(text),
    );
  } finally {
    await app?.close();
  }
}

/** What told the invocation to end, with the command's own hint where it has one; not what it broke on the way out. */
function endedBy(reason: unknown, thrown: unknown): unknown {
  const isToldByCommand =
    reason instanceof SkConnectError && thrown instanceof SkConnectError && thrown.message === reason.message;
  return isToldByCommand ? thrown : reason;
}

/** `help tools exec` as `tools exec --help`: commander's own help knows one level only. */
function helpOfCommand(argv: readonly string[]): readonly string[] {
  return argv[0] === 'help' && argv.length > 2 ? [...argv.slice(1), '--help'] : argv;
}

/** What stands before a `--`: the rest is another program's. */
function ownWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

function refuseSecretFlag(argv: readonly string[]): void {
  if (!argv.some((argument) => /^--client-secret(=|$)/.test(argument))) return;
  throw usageError(
    'the client secret is never taken from the command line, where other users and the shell history see it',
    'Set SCALEKIT_CLIENT_SECRET in the environment or in a .env file.',
  );
}

function fromThrown(error: unknown): SkConnectError {
  if (error instanceof SkConnectError) return error;
  if (error instanceof CommanderError) {
    const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
    const suggestion = rest.join(' ').replace(/^\(|\)$/g, '');
    return usageError(message, suggestion || 'Run it with --help to see what it takes.', { code: 'usage' });
  }
  if (error instanceof Error && error.name === 'ExitPromptError') {
    return new SkConnectError('interrupted', 'cancelled');
  }
  return new SkConnectError('bug', messageOf(error), { cause: error });
}

/** How an error is to be told. Read from the words as they stand: the command line may be what is wrong. */
function reportOptions(argv: readonly string[]): GlobalOptions {
  const isJson = argv.some((word) => word === '--json' || word === '--jq' || word.startsWith('--jq='));
  return { json: isJson, color: !argv.includes('--no-color') };
}

function report(error: SkConnectError, terminal: Terminal, redact: (text: string) => string): number {
  const { message, code, exitCode, httpStatus, details } = error;
  const hint = error.kind === 'bug' ? BUG_HINT : error.hint;
  if (terminal.isJson) {
    const document = { error: { code, message, hint: hint ?? null, exitCode, httpStatus, details } };
    // Value by value: inside JSON text a secret with a quote would be spelt otherwise.
    const redacted = (_key: string, value: unknown) => (typeof value === 'string' ? redact(value) : value);
    terminal.error(JSON.stringify(document, redacted));
    return exitCode;
  }
  const { errStyle } = terminal;
  if (error.kind === 'bug') {
    terminal.error(redact(`sk-connect has a bug: ${message}`), errStyle.red);
    if (error.cause instanceof Error && error.cause.stack)
      terminal.error(redact(error.cause.stack), errStyle.dim);
  } else {
    terminal.error(redact(`error: ${message}`), error.kind === 'interrupted' ? undefined : errStyle.red);
  }
  if (hint !== undefined) terminal.error(redact(`  → ${hint}`));
  return exitCode;
}

const BUG_HINT =
  'Please report it to the maintainers with the command line, the lines above, `sk-connect --version` and `node --version`.';

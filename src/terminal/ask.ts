import { Writable } from 'node:stream';
import type { Io, OutputStream } from './io.ts';
import type { Terminal } from './terminal.ts';
import { visibleLine } from './visible.ts';

export interface Choice<Value = string> {
  name: string;
  value: Value;
  description?: string;
}

/** What asks, and where. What is asked goes to stderr; its signal ends the question. */
export interface Asking {
  io: Io;
  signal: AbortSignal;
  terminal: Pick<Terminal, 'errStyle'>;
}

export interface TextOptions {
  /** Taken when nothing is typed. */
  initial?: string;
  /** What is wrong with an answer, or true. It is asked for again until then. */
  validate?: (answer: string) => Promise<string | true>;
}

/** More are found by typing rather than by moving. */
const MOST_LISTED = 10;

/** Lets one of the choices be found by typing. With `allowOther` what was typed can be taken as it is. */
export async function pick(
  asking: Asking,
  message: string,
  choices: readonly { name: string; description?: string }[],
  { allowOther = false } = {},
): Promise<string> {
  const { search } = await import('@inquirer/prompts');
  return search(
    {
      message: visibleLine(message),
      source: (term) => {
        const typed = term?.trim() ?? '';
        const found = choices.filter(({ name }) => isLike(name, typed));
        const other = allowOther && typed !== '' && !choices.some(({ name }) => name === typed);
        return [
          ...found.map(({ name, description }) => shownChoice({ name, value: name, description })),
          ...(other ? [{ value: typed, name: `${typed} (new)` }] : []),
        ];
      },
    },
    contextOf(asking),
  );
}

/** Lets one of the choices be chosen: from a list, or where that is long by typing. */
export async function choose<Value>(
  asking: Asking,
  message: string,
  choices: readonly Choice<Value>[],
  initial?: Value,
): Promise<Value> {
  const { search, select } = await import('@inquirer/prompts');
  const shown = choices.map((choice) => shownChoice(choice));
  if (choices.length <= MOST_LISTED) {
    const question = { message: visibleLine(message), choices: shown };
    return select<Value>(
      initial === undefined ? question : { ...question, default: initial },
      contextOf(asking),
    );
  }
  // What is found first is taken by Enter.
  const sorted = shown.toSorted((a, b) => Number(b.value === initial) - Number(a.value === initial));
  return search<Value>(
    {
      message: visibleLine(message),
      source: (term) => sorted.filter(({ name }) => isLike(name, term?.trim() ?? '')),
    },
    contextOf(asking),
  );
}

/** Lets any number of the choices be ticked. */
export async function chooseSeveral<Value>(
  asking: Asking,
  message: string,
  choices: readonly (Choice<Value> & { isTicked: boolean })[],
  validate: (values: readonly Value[]) => Promise<string | true>,
): Promise<Value[]> {
  const { checkbox } = await import('@inquirer/prompts');
  return checkbox<Value>(
    {
      message: visibleLine(message),
      choices: choices.map((choice) => ({ ...shownChoice(choice), checked: choice.isTicked })),
      validate: (chosen) => validate(chosen.map(({ value }) => value)),
    },
    contextOf(asking),
  );
}

export async function askText(asking: Asking, message: string, options: TextOptions = {}): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  const { initial, validate } = options;
  return input(
    {
      message: visibleLine(message),
      ...(initial === undefined ? {} : { default: initial }),
      ...(validate === undefined ? {} : { validate }),
    },
    contextOf(asking),
  );
}

/** Shows a star for each character. */
export async function askSecret(
  asking: Asking,
  message: string,
  { validate }: Pick<TextOptions, 'validate'> = {},
): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  return password(
    { message: visibleLine(message), mask: '*', ...(validate === undefined ? {} : { validate }) },
    contextOf(asking),
  );
}

/** Whether `askLongText` has an editor to open. */
export function hasEditor({ env }: Io): boolean {
  return Boolean(env['VISUAL'] || env['EDITOR']);
}

/** Opens the user's editor; the line break that editors end a text with is not part of it. */
export async function askLongText(
  asking: Asking,
  message: string,
  { initial, validate }: TextOptions = {},
): Promise<string> {
  const { editor } = await import('@inquirer/prompts');
  const ended = (text: string) => text.replace(/\r?\n$/, '');
  const text = await editor(
    {
      message: visibleLine(message),
      ...(initial === undefined ? {} : { default: initial }),
      ...(validate === undefined ? {} : { validate: (answer) => validate(ended(answer)) }),
    },
    contextOf(asking),
  );
  return ended(text);
}

export async function confirm(asking: Asking, message: string, initial = true): Promise<boolean> {
  const prompts = await import('@inquirer/prompts');
  return prompts.confirm({ message: visibleLine(message), default: initial }, contextOf(asking));
}

function shownChoice<Value>({
  name,
  value,
  description,
}: {
  name: string;
  value: Value;
  description?: string | undefined;
}) {
  return {
    name: visibleLine(name),
    value,
    ...(description === undefined ? {} : { description: visibleLine(description) }),
  };
}

function isLike(name: string, typed: string): boolean {
  return name.toLowerCase().includes(typed.toLowerCase());
}

function contextOf({ io, signal, terminal }: Asking) {
  const output = terminal.errStyle.level === 0 ? withoutColor(io.stderr) : io.stderr;
  return { input: io.stdin, output, signal };
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for: ECMA-48 SGR
const SGR = /\u001b\[[\d;]*m/g;

/** The prompts paint by the process's environment alone, and know no `--no-color`. */
function withoutColor(stderr: OutputStream): OutputStream {
  const plain = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => {
      stderr.write(chunk.toString().replace(SGR, ''));
      done();
    },
  });
  return Object.defineProperties(plain, {
    isTTY: { get: () => stderr.isTTY },
    columns: { get: () => stderr.columns },
  });
}

import type { Io } from './io.ts';
import { visibleLine } from './visible.ts';

export interface Choice {
  name: string;
  description?: string;
}

type Asking = { io: Io; signal: AbortSignal };

/** Lets one of the choices be found by typing. With `allowOther` what was typed can be taken as it is. */
export async function pick(
  { io, signal }: Asking,
  message: string,
  choices: readonly Choice[],
  { allowOther = false } = {},
): Promise<string> {
  const { search } = await import('@inquirer/prompts');
  return search(
    {
      message,
      source: (term) => {
        const typed = term?.trim() ?? '';
        const found = choices.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
        const other = allowOther && typed !== '' && !choices.some(({ name }) => name === typed);
        return [
          ...found.map(({ name, description }) => ({
            value: name,
            name,
            ...(description === undefined ? {} : { description }),
          })),
          ...(other ? [{ value: typed, name: `${typed} (new)` }] : []),
        ];
      },
    },
    { input: io.stdin, output: io.stderr, signal },
  );
}

export async function askText({ io, signal }: Asking, message: string): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  return input({ message: visibleLine(message) }, { input: io.stdin, output: io.stderr, signal });
}

export async function confirm({ io, signal }: Asking, message: string): Promise<boolean> {
  const prompts = await import('@inquirer/prompts');
  return prompts.confirm({ message: visibleLine(message) }, { input: io.stdin, output: io.stderr, signal });
}

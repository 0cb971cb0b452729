import type { App } from '../../app.ts';
import type { TypedCall } from '../call/typed-call.ts';
import type { RequestOptions } from '../options.ts';
import { curlProgram } from './curl.ts';
import { type Program, programOf } from './program.ts';
import { pythonProgram } from './python.ts';
import { typescriptProgram } from './typescript.ts';

type Language = NonNullable<RequestOptions['code']>;

const writers: Readonly<Record<Language, (program: Program) => string>> = {
  typescript: typescriptProgram,
  python: pythonProgram,
  curl: curlProgram,
};

/** Prints the program that makes the call. What looks like a secret in it becomes an environment variable. */
export async function printProgram(
  { terminal }: Pick<App, 'terminal'>,
  typed: TypedCall,
  language: Language,
): Promise<void> {
  const program = programOf(typed);
  const { variables } = program;
  const text = writers[language](program);
  await (terminal.isJson ? terminal.printJson({ language, program: text, variables }) : terminal.print(text));
  if (variables.length > 0) {
    terminal.notice(
      `What looks like a secret is not in the program: it takes ${variables.join(', ')} from the environment.`,
    );
  }
}

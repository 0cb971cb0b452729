import type { App } from '../../app.ts';
import { usageError } from '../../errors.ts';
import { literalOf } from '../../request/code/body.ts';
import type { LiteralObject } from '../../request/code/literal.ts';
import { createVariables } from '../../request/code/variables.ts';
import type { PreparedCall } from '../prepared-call.ts';
import { customToolProgram } from './custom.ts';
import { pythonToolProgram } from './python.ts';
import { typescriptToolProgram } from './typescript.ts';

/** What a program is to do, in no language yet. */
export interface ToolProgram {
  toolName: string;
  connectionName: string;
  identifier: string;
  input: LiteralObject;
}

type Language = 'typescript' | 'python';
const writers = { typescript: typescriptToolProgram, python: pythonToolProgram };

/**
 * Prints the program that makes the call with Scalekit's SDK, or with `sk-connect/tools` for a custom tool of a file.
 * What looks like a secret in it becomes an environment variable.
 */
export async function printToolProgram(
  { terminal }: Pick<App, 'terminal'>,
  call: PreparedCall,
  language: Language,
  file: string | undefined,
): Promise<void> {
  const { toolName, connectionName, identifier } = call;
  const variables = createVariables();
  const entries = Object.entries(call.input).map(
    ([key, value]) => [key, literalOf(value, key, variables)] as const,
  );
  const program = {
    toolName,
    connectionName: connectionName ?? '',
    identifier: identifier ?? '',
    input: new Map(entries),
  };
  if (file !== undefined) checkCustom(call, language);
  const text = file === undefined ? writers[language](program) : customToolProgram(program, file);
  const names = variables.names();
  await (terminal.isJson
    ? terminal.printJson({ language, program: text, variables: names })
    : terminal.print(text));
  if (names.length > 0) {
    terminal.notice(
      `What looks like a secret is not in the program: it takes ${names.join(', ')} from the environment.`,
    );
  }
}

function checkCustom({ toolName, identifier }: PreparedCall, language: Language): void {
  if (language === 'python') {
    throw usageError(
      `${toolName} is a custom tool, which sk-connect/tools runs in Node`,
      'Write --code typescript.',
      { code: 'no_program' },
    );
  }
  if (identifier === null) {
    throw usageError('a custom tool is called for a user', 'Pass -i/--identifier ID.', {
      code: 'missing_value',
    });
  }
}

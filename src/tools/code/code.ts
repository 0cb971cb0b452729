import type { App } from '../../app.ts';
import { usageError } from '../../errors.ts';
import { literalOf } from '../../request/code/body.ts';
import type { LiteralObject } from '../../request/code/literal.ts';
import { createVariables } from '../../request/code/variables.ts';
import type { PreparedCall } from '../prepared-call.ts';
import type { ListedTool } from '../toolbox.ts';
import { pythonToolProgram } from './python.ts';
import { typescriptToolProgram } from './typescript.ts';

/** What a program is to do, in no language yet. */
export interface ToolProgram {
  toolName: string;
  connectionName: string;
  identifier: string;
  input: LiteralObject;
}

const writers = { typescript: typescriptToolProgram, python: pythonToolProgram };

/** Prints the program that makes the call with Scalekit's SDK. What looks like a secret in it becomes an environment variable. */
export async function printToolProgram(
  { terminal }: Pick<App, 'terminal'>,
  { source, name }: ListedTool,
  { toolName, connectionName, identifier, input }: PreparedCall,
  language: keyof typeof writers,
): Promise<void> {
  if (source === 'custom' || connectionName === null || identifier === null) {
    throw usageError(
      `${name} is a tool of your own file: Scalekit's executeTool does not know it`,
      'Load the file in your program: import { loadTools } from "sk-connect/tools".',
      { code: 'no_program' },
    );
  }
  const variables = createVariables();
  const entries = Object.entries(input).map(
    ([key, value]) => [key, literalOf(value, key, variables)] as const,
  );
  const program = writers[language]({ toolName, connectionName, identifier, input: new Map(entries) });
  const names = variables.names();
  await (terminal.isJson
    ? terminal.printJson({ language, program, variables: names })
    : terminal.print(program));
  if (names.length > 0) {
    terminal.notice(
      `What looks like a secret is not in the program: it takes ${names.join(', ')} from the environment.`,
    );
  }
}

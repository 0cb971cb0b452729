import type { App } from '../app.ts';
import { messageOf, type SkConnectError, usageError } from '../errors.ts';
import type { JsonObject } from '../json/object.ts';
import { type Violation, violationText } from '../json/schema.ts';
import { violationsOf } from '../json/violations.ts';

/** What is said of an input that the schema excludes. */
export const UNKNOWN_INPUT = 'is not known to the tool';

/** What of the input does not fit the tool's schema, all of it. Throws where the schema itself is none. */
export function findViolations(schema: JsonObject, input: JsonObject): Promise<Violation[]> {
  return violationsOf(schema, input, { unknownProperty: UNKNOWN_INPUT });
}

/** As `findViolations`; a schema that is none is told of, and lets every input through. */
export async function violationsTold(
  { terminal }: Pick<App, 'terminal'>,
  toolName: string,
  schema: JsonObject,
  input: JsonObject,
): Promise<Violation[]> {
  return findViolations(schema, input).catch((error: unknown) => {
    terminal.notice(
      `The input schema of ${toolName} is broken (${messageOf(error)}); the input is sent unchecked.`,
    );
    return [];
  });
}

export function invalidInput(
  toolName: string,
  violations: readonly Violation[],
  hint: string,
): SkConnectError {
  const lines = violations.map(
    ({ path, message }) => `  ${violationText({ path: path.slice(1), message }, 'the input')}`,
  );
  return usageError([`the input does not fit ${toolName}:`, ...lines].join('\n'), hint, {
    code: 'invalid_input',
    details: { violations },
  });
}

import { messageOf, type SkConnectError, usageError } from '../errors.ts';
import type { JsonObject } from '../json/object.ts';
import { compileSchema, type Violation, violationText } from '../json/schema.ts';

/** What of the input does not fit the tool's schema, all of it. Throws where the schema itself is none. */
export async function findViolations(schema: JsonObject, input: JsonObject): Promise<Violation[]> {
  const validate = await compileSchema(schema, { unknownProperty: 'is not known to the tool' });
  return validate(input);
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

export function unusableSchema(toolName: string, error: unknown): string {
  return `The input schema of ${toolName} is broken (${messageOf(error)}); the input is sent unchecked.`;
}

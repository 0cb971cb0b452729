import type { JsonObject } from '../json/object.ts';
import { plainlyFits } from '../json/proof.ts';
import { compileSchema, type Validate, type Violation, violationText } from '../json/schema.ts';
import { formatsFor } from '../json/violations.ts';
import { ToolFailure } from './failure.ts';

const compiled = new WeakMap<JsonObject, Promise<Validate>>();

/** What of a value does not fit a schema, which is compiled once. */
export async function misfits(schema: JsonObject, value: unknown): Promise<Violation[]> {
  if (plainlyFits(schema, value, await formatsFor(schema))) return [];
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = compileSchema(schema, { unknownProperty: 'is not known to the tool' });
    compiled.set(schema, validate);
  }
  return (await validate)(value);
}

/** Throws a ToolFailure that tells all of what does not fit. */
export async function requireFit(toolName: string, schema: JsonObject, input: JsonObject): Promise<void> {
  const violations = await misfits(schema, input);
  if (violations.length === 0) return;
  const told = violations.map(({ path, message }) =>
    violationText({ path: path.slice(1), message }, 'the input'),
  );
  throw new ToolFailure('invalid_input', `the input does not fit ${toolName}: ${told.join('; ')}`, {
    violations,
  });
}

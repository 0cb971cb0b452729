import type { ErrorObject } from 'ajv';
import { messageOf, type SkConnectError, usageError } from '../errors.ts';
import type { JsonObject } from '../json/object.ts';

export interface Violation {
  /** A JSON pointer; empty for the whole input. */
  path: string;
  message: string;
}

/** What does not fit the schema, all of it. Throws where the schema itself is none. */
export async function findViolations(schema: JsonObject, value: unknown): Promise<Violation[]> {
  const Ajv = isDraft7(schema) ? (await import('ajv')).Ajv : (await import('ajv/dist/2020.js')).Ajv2020;
  // Schemas come from other people's servers: keywords that ajv does not know are theirs to use.
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    logger: false,
    validateSchema: false,
    meta: false,
    verbose: true,
  });
  if (JSON.stringify(schema).includes('"format"')) {
    const { default: addFormats } = await import('ajv-formats');
    addFormats.default(ajv);
  }
  const validate = ajv.compile(schema);
  return validate(value) ? [] : (validate.errors ?? []).map(toViolation);
}

/** Loading the validator takes as long as a call to Scalekit does: begun early, it costs nothing. */
export function preloadValidator(): void {
  void import('ajv/dist/2020.js');
}

/** MCP's schemas are 2020-12 unless they say otherwise. */
function isDraft7(schema: JsonObject): boolean {
  const dialect = schema['$schema'];
  return typeof dialect === 'string' && /draft-0[467]/.test(dialect);
}

function toViolation({
  instancePath,
  keyword,
  params,
  message = 'does not fit',
  data,
}: ErrorObject): Violation {
  switch (keyword) {
    case 'required':
      return { path: `${instancePath}/${params['missingProperty']}`, message: 'is required' };
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return {
        path: `${instancePath}/${params['additionalProperty'] ?? params['unevaluatedProperty']}`,
        message: 'is not known to the tool',
      };
    case 'enum':
      return {
        path: instancePath,
        message: `must be one of ${JSON.stringify(params['allowedValues'])}, not ${shown(data)}`,
      };
    default:
      return { path: instancePath, message: `${message}, not ${shown(data)}` };
  }
}

function shown(data: unknown): string {
  const text = JSON.stringify(data) ?? String(data);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function invalidInput(
  toolName: string,
  violations: readonly Violation[],
  hint: string,
): SkConnectError {
  const lines = violations.map(
    ({ path, message }) => `  ${path === '' ? 'the input' : path.slice(1)} ${message}`,
  );
  return usageError([`the input does not fit ${toolName}:`, ...lines].join('\n'), hint, {
    code: 'invalid_input',
    details: { violations },
  });
}

export function unusableSchema(toolName: string, error: unknown): string {
  return `The input schema of ${toolName} is broken (${messageOf(error)}); the input is sent unchecked.`;
}

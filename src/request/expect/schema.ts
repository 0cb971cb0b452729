import type { App } from '../../app.ts';
import { messageOf, usageError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { compileSchema, type Validate, type Violation, violationText } from '../../json/schema.ts';
import { readFileArgument } from '../../terminal/input.ts';
import { line } from '../answer/provider-message.ts';
import type { Expectation } from './expectations.ts';
import { type JsonBody, jsonBody } from './json-body.ts';

/** How many violations are told, of what may be thousands. */
const MOST_SHOWN = 10;
const MOST_LISTED = 100;
const LONGEST_LINE = 200;

/** Throws a usage error for a file that cannot be read, is no JSON, or is no schema. */
export async function expectSchema(app: App, name: string): Promise<Expectation> {
  const validate = await readSchema(app, name);
  const failed = (got: string, violations: readonly Violation[] = []) => ({
    expectation: `--expect-schema ${name}`,
    expected: `a body that fits ${name}`,
    got,
    ...(violations.length === 0 ? {} : { violations: violations.slice(0, MOST_LISTED) }),
  });
  return {
    hint: 'Where the answer is right, the schema has to follow.',
    check: (answer) => {
      const body = jsonBody(answer);
      if ('reason' in body) return failed(body.reason);
      const violations = violationsOf(body, validate);
      if (violations.length === 0) return undefined;
      return failed(answer.body.length === 0 ? 'an empty body' : inWords(violations), violations);
    },
  };
}

async function readSchema(app: App, name: string): Promise<Validate> {
  const flag = '--expect-schema';
  const text = Buffer.from(await readFileArgument(app, name, flag)).toString('utf8');
  const broken = (what: string, error: unknown) =>
    usageError(
      `${flag}: ${name} is ${what}: ${line(messageOf(error))}`,
      'Nothing was sent. Mend the file first.',
      {
        code: 'bad_schema',
      },
    );
  let schema: unknown;
  try {
    schema = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw broken('not valid JSON', error);
  }
  if (!isSchema(schema)) throw broken('no JSON Schema', 'it has to be an object, true or false');
  try {
    return await compileSchema(schema, { isStrict: true });
  } catch (error) {
    throw broken('no valid JSON Schema', error);
  }
}

function isSchema(value: unknown): value is JsonObject | boolean {
  return isJsonObject(value) || typeof value === 'boolean';
}

/** Each value that stands on a line of its own is held against the schema. */
function violationsOf({ values }: Exclude<JsonBody, { reason: string }>, validate: Validate): Violation[] {
  const [only] = values;
  if (values.length === 1) return validate(only);
  return values.flatMap((value, index) =>
    validate(value).map(({ path, message }) => ({ path: `line ${index + 1}${path}`, message })),
  );
}

function inWords(violations: readonly Violation[]): string {
  const shown = violations
    .slice(0, MOST_SHOWN)
    .map((violation) => line(violationText(violation, 'the body'), LONGEST_LINE));
  const more = violations.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more.toLocaleString('en')} more`] : [])].join('\n');
}

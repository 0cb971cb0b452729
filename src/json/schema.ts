import type { ErrorObject } from 'ajv';
import { withoutBranches } from './alternatives.ts';
import { isJsonObject, type JsonObject } from './object.ts';
import { toViolation } from './violation.ts';

export interface Violation {
  /** A JSON pointer; empty for the whole value. */
  path: string;
  message: string;
}

/** What of a value does not fit, all of it; empty where everything does. */
export type Validate = (value: unknown) => Violation[];

export interface SchemaOptions {
  /** Hold the schema against its own meta-schema first. Without this what ajv can make sense of is taken. */
  isStrict?: boolean;
  /** What is said of a property that the schema excludes. */
  unknownProperty?: string;
}

/**
 * A JSON Schema (draft 7, 2019-09, 2020-12; 2020-12 where it does not say) with the formats of ajv-formats.
 * Throws an Error whose message names the place where the schema itself is broken; of a strict one a Violation is the
 * cause.
 */
export async function compileSchema(
  schema: JsonObject | boolean,
  { isStrict = false, unknownProperty = 'is not allowed' }: SchemaOptions = {},
): Promise<Validate> {
  const dialect = dialectOf(schema);
  const Ajv = await dialect.load();
  const text = JSON.stringify(schema);
  const ajv = new Ajv({ ...OPTIONS, meta: META_SCHEMA_REF.test(text) });
  if (text.includes('"format"')) {
    const { default: addFormats } = await import('ajv-formats');
    addFormats.default(ajv);
  }
  const violations = (errors: ErrorObject[] | null | undefined) =>
    withoutBranches(errors ?? []).map((error) => toViolation(error, unknownProperty));
  if (isStrict && dialect.hasMetaSchema) {
    const [first] = violations(schemaErrors(Ajv, schema));
    if (first !== undefined) throw new Error(violationText(first, 'the schema'), { cause: first });
  }
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : violations(validate.errors));
}

const OPTIONS = {
  allErrors: true,
  // Schemas come from other people's servers: keywords that ajv does not know are theirs to use.
  strict: false,
  logger: false,
  validateSchema: false,
  verbose: true,
  // Of what was parsed from JSON nothing is inherited: `toString` is a name like any other.
  ownProperties: true,
} as const;

type AjvClass = Awaited<ReturnType<ReturnType<typeof dialectOf>['load']>>;

/** One for all schemas of a dialect: to compile its meta-schema takes some 15 ms. */
const checkers = new Map<AjvClass, InstanceType<AjvClass>>();

function schemaErrors(Ajv: AjvClass, schema: JsonObject | boolean): ErrorObject[] | null | undefined {
  const checker = checkers.get(Ajv) ?? new Ajv(OPTIONS);
  checkers.set(Ajv, checker);
  void checker.validateSchema(schema);
  return checker.errors;
}

/** Of a tool that takes a schema; the meta-schemas themselves take some milliseconds to load. */
const META_SCHEMA_REF = /"\$(ref|dynamicRef)":"https?:\/\/json-schema\.org\//;

/** `/items/0/id is required`. */
export function violationText({ path, message }: Violation, whole: string): string {
  return `${path === '' ? whole : path} ${message}`;
}

const DIALECTS = {
  draft7: { load: async () => (await import('ajv')).Ajv, hasMetaSchema: true },
  // Read as draft 7, which they are close to; ajv has no meta-schema for them.
  older: { load: async () => (await import('ajv')).Ajv, hasMetaSchema: false },
  2019: { load: async () => (await import('ajv/dist/2019.js')).Ajv2019, hasMetaSchema: true },
  latest: { load: async () => (await import('ajv/dist/2020.js')).Ajv2020, hasMetaSchema: true },
  unknown: { load: async () => (await import('ajv/dist/2020.js')).Ajv2020, hasMetaSchema: false },
};

/** MCP's schemas are 2020-12 unless they say otherwise. */
function dialectOf(schema: JsonObject | boolean) {
  const dialect = isJsonObject(schema) ? schema['$schema'] : undefined;
  if (typeof dialect !== 'string') return DIALECTS.latest;
  if (dialect.includes('draft-07')) return DIALECTS.draft7;
  if (/draft-0[46]/.test(dialect)) return DIALECTS.older;
  if (dialect.includes('2019-09')) return DIALECTS[2019];
  return dialect.includes('2020-12') ? DIALECTS.latest : DIALECTS.unknown;
}

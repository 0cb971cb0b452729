import { isJsonObject, type JsonObject } from '../json/object.ts';
import { isRequired, requiredNames } from './schema-rows.ts';
import { keywordOf, type Shape, type Shapes, shapesOf } from './shape.ts';

/** An input with what a schema requires: values from its examples, defaults and enums, else what its types allow. */
export function exampleInput(schema: JsonObject | null): JsonObject {
  const shapes = shapesOf(schema);
  const given = givenExample(shapes.root);
  return isJsonObject(given) ? given : exampleObject(shapes, shapes.root, 0);
}

/** Of schemas that require themselves. */
const MOST_DEPTH = 8;
/** Deeper than this null and empty lists do, so that schemas in themselves come to an end. */
const PLAIN_DEPTH = 3;

function exampleObject(shapes: Shapes, of: readonly Shape[], depth: number): JsonObject {
  if (depth > MOST_DEPTH) return {};
  const entries = [...new Set(requiredNames(of))]
    .filter((name) => isRequired(of, name))
    .map((name) => [name, exampleValue(shapes, shapes.property(of, name)?.shapes ?? [], name, depth + 1)]);
  return Object.fromEntries(entries) as JsonObject;
}

function exampleValue(shapes: Shapes, of: readonly Shape[], name: string, depth: number): unknown {
  const given = givenExample(of);
  if (given !== undefined) return given;
  const fallback = keywordOf(of, 'default', (value) => value !== null);
  if (fallback !== undefined) return fallback;
  const order = depth > PLAIN_DEPTH ? -1 : 1;
  const [shape] = of.toSorted((a, b) => order * (Number(isNullOnly(a)) - Number(isNullOnly(b))));
  if (shape === undefined) return name;
  if (shape.values !== undefined) return shape.values.find((value) => value !== null) ?? null;
  const type =
    shape.types?.find((each) => each !== 'null') ?? (shape.types === undefined ? 'string' : 'null');
  switch (type) {
    case 'object':
      return exampleObject(shapes, [shape], depth);
    case 'array':
      return exampleList(shapes, shape, name, depth);
    case 'integer':
    case 'number':
      return exampleNumber(shape, type === 'integer');
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return exampleText(shape, name);
  }
}

/** `examples` of JSON Schema, `example` of OpenAPI. */
function givenExample(of: readonly Shape[]): unknown {
  const examples = keywordOf(of, 'examples', (value) => Array.isArray(value) && value.length > 0);
  return Array.isArray(examples) ? examples[0] : keywordOf(of, 'example');
}

function isNullOnly({ types, values }: Shape): boolean {
  const isNull = (each: unknown) => each === null || each === 'null';
  return (types?.every(isNull) ?? false) || (values?.every((value) => value === null) ?? false);
}

function exampleList(shapes: Shapes, shape: Shape, name: string, depth: number): unknown[] {
  if (depth > MOST_DEPTH) return [];
  const least = Math.min(numberOf(shape, 'minItems') ?? 0, 100);
  const count = Math.min(
    Math.max(depth > PLAIN_DEPTH ? 0 : 1, least),
    numberOf(shape, 'maxItems') ?? Number.POSITIVE_INFINITY,
  );
  return Array.from({ length: count }, (_, index) =>
    exampleValue(shapes, shapes.element([shape], index), name.replace(/s$/, '') || name, depth + 1),
  );
}

function exampleNumber(shape: Shape, isInteger: boolean): number {
  const above = numberOf(shape, 'exclusiveMinimum');
  const below = numberOf(shape, 'exclusiveMaximum');
  const least =
    numberOf(shape, 'minimum') ?? (above === undefined ? undefined : above + (isInteger ? 1 : 0.5));
  const most =
    numberOf(shape, 'maximum') ?? (below === undefined ? undefined : below - (isInteger ? 1 : 0.5));
  const step = numberOf(shape, 'multipleOf') ?? (isInteger ? 1 : undefined);
  const wanted = Math.min(Math.max(1, least ?? 1), most ?? Number.POSITIVE_INFINITY);
  if (step === undefined || step <= 0) return wanted;
  const rounded = Math.ceil(wanted / step) * step;
  return most !== undefined && rounded > most ? Math.floor(most / step) * step : rounded;
}

const EXAMPLES_OF_FORMATS: Readonly<Record<string, string>> = {
  date: '2025-01-31',
  'date-time': '2025-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'P1D',
  email: 'user@example.com',
  'idn-email': 'user@example.com',
  hostname: 'example.com',
  'idn-hostname': 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  iri: 'https://example.com/',
  'uri-reference': '/',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  'json-pointer': '/a',
  regex: '.*',
};

function exampleText(shape: Shape, name: string): string {
  const format = keywordOf([shape], 'format');
  const known = typeof format === 'string' ? EXAMPLES_OF_FORMATS[format] : undefined;
  if (known !== undefined) return known;
  const least = Math.min(numberOf(shape, 'minLength') ?? 0, 1000);
  const most = numberOf(shape, 'maxLength') ?? Number.POSITIVE_INFINITY;
  return name.padEnd(least, '.').slice(0, most);
}

function numberOf(shape: Shape, keyword: string): number | undefined {
  const value = keywordOf([shape], keyword, (each) => typeof each === 'number');
  return typeof value === 'number' ? value : undefined;
}

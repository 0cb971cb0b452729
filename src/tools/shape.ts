import { isDeepStrictEqual } from 'node:util';
import { followLocalRef } from '../json/local-ref.ts';
import { isJsonObject, type JsonObject } from '../json/object.ts';

/**
 * One of the forms that a value may take: references followed, `allOf` put together, one of `anyOf` or `oneOf`
 * chosen. What it is for is reading and asking for values; whether one fits is ajv's to say.
 */
export interface Shape {
  /** The schemas that hold for it, all of them. */
  parts: readonly JsonObject[];
  /** Undefined where any may be. */
  types: readonly string[] | undefined;
  /** Those of `enum` and `const`; undefined where any may be. */
  values: readonly unknown[] | undefined;
}

/** The schemas of one document. Broken ones, and those that never end, are taken as if they said nothing. */
export interface Shapes {
  /** What the whole value may be; never empty. */
  root: readonly Shape[];
  /** What a property may be; undefined where nothing is said of one with this name. */
  property(of: readonly Shape[], name: string): Property | undefined;
  /** What the element of a list may be. */
  element(of: readonly Shape[], index: number): readonly Shape[];
  /** The properties with a name in the schema, in its order. */
  names(of: readonly Shape[]): string[];
}

export interface Property {
  shapes: readonly Shape[];
  /** Whether it stands under this name; otherwise it is as all others may be. */
  isNamed: boolean;
}

const OPEN: Shape = { parts: [], types: undefined, values: undefined };
/** Of choices within choices, which multiply. */
const MOST_SHAPES = 32;
const MOST_STEPS = 2_000;

export function shapesOf(schema: JsonObject | null): Shapes {
  const document = schema ?? {};
  const shapes = (schemas: readonly unknown[]) => conjunction(document, schemas);
  return {
    root: shapes([document]),
    property: (of, name) => {
      const named = of.flatMap(({ parts }) => parts.flatMap((part) => namedSchemas(part, name)));
      if (named.length > 0) {
        const all = of.flatMap(({ parts }) => {
          const own = parts.flatMap((part) => [...namedSchemas(part, name), ...patternSchemas(part, name)]);
          return parts.some((part) => namedSchemas(part, name).length > 0) ? shapes(own) : [];
        });
        return { shapes: distinct(all), isNamed: true };
      }
      const all = of.flatMap(({ parts }) => {
        const own = parts.flatMap((part) => otherSchemas(part, name));
        return own.length === 0 ? [] : shapes(own);
      });
      return all.length === 0 ? undefined : { shapes: distinct(all), isNamed: false };
    },
    element: (of, index) => {
      const all = of
        .filter(({ types }) => types?.includes('array') !== false)
        .flatMap(({ parts }) => shapes(parts.flatMap((part) => elementSchemas(part, index))));
      return all.length === 0 ? [OPEN] : distinct(all);
    },
    names: (of) => [
      ...new Set(of.flatMap(({ parts }) => parts.flatMap(({ properties }) => keysOf(properties)))),
    ],
  };
}

/** The first string that the schemas of a shape have under a keyword. */
export function textOf(shapes: readonly Shape[], keyword: string): string | undefined {
  const found = keywordOf(shapes, keyword, (value) => typeof value === 'string');
  return typeof found === 'string' ? found : undefined;
}

/** The first value under a keyword that is as it should be. */
export function keywordOf(
  shapes: readonly Shape[],
  keyword: string,
  isMeant: (value: unknown) => boolean = () => true,
): unknown {
  const parts = shapes.flatMap((shape) => shape.parts);
  return parts.find((part) => Object.hasOwn(part, keyword) && isMeant(part[keyword]))?.[keyword];
}

interface Walk {
  document: JsonObject;
  /** References on the way here: one that comes again says nothing new. */
  seen: readonly string[];
  budget: { steps: number };
}

function conjunction(document: JsonObject, schemas: readonly unknown[]): Shape[] {
  const walk: Walk = { document, seen: [], budget: { steps: MOST_STEPS } };
  const alternatives = all(schemas.map((schema) => alternativesOf(schema, walk)));
  const shapes = alternatives.map(toShape);
  // What contradicts itself can only be told of by the validation.
  const possible = shapes.filter(({ types, values }) => types?.length !== 0 && values?.length !== 0);
  return possible.length > 0 ? possible : [OPEN];
}

/** Each alternative as the schemas that hold for it. */
function alternativesOf(schema: unknown, walk: Walk): JsonObject[][] {
  walk.budget.steps -= 1;
  if (!isJsonObject(schema) || walk.budget.steps < 0) return [[]];
  const { $ref, allOf, anyOf, oneOf } = schema;
  const inner = (schemas: unknown[]) => schemas.map((each) => alternativesOf(each, walk));
  return all([
    [[schema]],
    ...(typeof $ref === 'string' ? [referred($ref, walk)] : []),
    ...(Array.isArray(allOf) ? inner(allOf) : []),
    ...[anyOf, oneOf].flatMap((union) => (Array.isArray(union) ? [inner(union).flat()] : [])),
    ...conditional(schema, walk),
  ]);
}

function referred(ref: string, walk: Walk): JsonObject[][] {
  if (walk.seen.includes(ref)) return [[]];
  return alternativesOf(followLocalRef(walk.document, ref), { ...walk, seen: [...walk.seen, ref] });
}

function conditional(schema: JsonObject, walk: Walk): JsonObject[][][] {
  const branches = [schema['then'], schema['else']].filter((branch) => branch !== undefined);
  if (schema['if'] === undefined || branches.length === 0) return [];
  const shapes = branches.flatMap((branch) => alternativesOf(branch, walk));
  return [branches.length === 1 ? [...shapes, []] : shapes];
}

/** Every way to take one of each. */
function all(choices: readonly JsonObject[][][]): JsonObject[][] {
  let ways: JsonObject[][] = [[]];
  for (const alternatives of choices) {
    if (alternatives.length === 0) continue;
    ways = ways.flatMap((way) => alternatives.map((each) => [...way, ...each])).slice(0, MOST_SHAPES);
  }
  return ways;
}

function toShape(parts: readonly JsonObject[]): Shape {
  const types = parts.map(typesOf).reduce(commonTypes, undefined);
  const values = parts.map(valuesOf).reduce(commonValues, undefined);
  return {
    parts,
    types,
    values:
      types === undefined ? values : values?.filter((value) => types.some((type) => isTyped(type, value))),
  };
}

type Types = readonly string[] | undefined;
type Values = readonly unknown[] | undefined;

function typesOf({ type, nullable }: JsonObject): Types {
  const types = [type].flat().filter((each) => typeof each === 'string');
  if (types.length === 0) return undefined;
  // OpenAPI's.
  return nullable === true ? [...types, 'null'] : types;
}

function valuesOf(schema: JsonObject): Values {
  const { enum: values } = schema;
  const own = Array.isArray(values) ? values : undefined;
  return Object.hasOwn(schema, 'const') ? commonValues(own, [schema['const']]) : own;
}

function commonTypes(a: Types, b: Types): Types {
  if (a === undefined || b === undefined) return a ?? b;
  const isIn = (types: readonly string[], type: string) =>
    types.includes(type) || (type === 'integer' && types.includes('number'));
  return [...new Set([...a.filter((type) => isIn(b, type)), ...b.filter((type) => isIn(a, type))])];
}

function commonValues(a: Values, b: Values): Values {
  if (a === undefined || b === undefined) return a ?? b;
  return a.filter((value) => b.some((other) => isDeepStrictEqual(value, other)));
}

function isTyped(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function namedSchemas({ properties }: JsonObject, name: string): unknown[] {
  return isJsonObject(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [];
}

function patternSchemas({ patternProperties }: JsonObject, name: string): unknown[] {
  return keysOf(patternProperties).flatMap((pattern) =>
    isMatch(pattern, name) ? [(patternProperties as JsonObject)[pattern]] : [],
  );
}

function otherSchemas(part: JsonObject, name: string): unknown[] {
  const matching = patternSchemas(part, name);
  if (matching.length > 0) return matching;
  return [part['additionalProperties'], part['unevaluatedProperties']].filter(isJsonObject);
}

function elementSchemas({ items, prefixItems, additionalItems }: JsonObject, index: number): unknown[] {
  const tuple = [prefixItems, items].find((each) => Array.isArray(each)) as unknown[] | undefined;
  if (tuple !== undefined && index < tuple.length) return [tuple[index]];
  const rest = Array.isArray(items) ? additionalItems : items;
  return isJsonObject(rest) ? [rest] : [];
}

function isMatch(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(name);
  } catch {
    return false;
  }
}

function keysOf(value: unknown): string[] {
  return isJsonObject(value) ? Object.keys(value) : [];
}

function distinct(shapes: readonly Shape[]): Shape[] {
  const isSame = (a: Shape, b: Shape) =>
    a.parts.length === b.parts.length && a.parts.every((part, index) => part === b.parts[index]);
  return shapes.filter((shape, index) => shapes.findIndex((other) => isSame(shape, other)) === index);
}

import { isJsonObject, type JsonObject } from '../../../src/json/object.ts';

/** One input, or part of what a tool gives, where no alternatives and references lead to it. */
export interface PlainPlace {
  /** As a report writes it: `filter.tags[]`. */
  path: string;
  /** The schema that names the property. */
  owner: JsonObject;
  name: string;
}

export function* plainPlaces(schema: JsonObject, path = ''): Generator<PlainPlace> {
  const { properties, items } = schema;
  if (isForked(schema)) return;
  if (isJsonObject(items)) yield* plainPlaces(items, `${path}[]`);
  if (!isJsonObject(properties)) return;
  for (const [name, inner] of Object.entries(properties)) {
    const inside = path === '' ? name : `${path}.${name}`;
    yield { path: inside, owner: schema, name };
    if (isJsonObject(inner)) yield* plainPlaces(inner, inside);
  }
}

const FORKS = ['$ref', 'anyOf', 'oneOf', 'allOf', 'not', 'if', 'enum', 'const', 'propertyNames'];

function isForked(schema: JsonObject): boolean {
  return FORKS.some((keyword) => schema[keyword] !== undefined);
}

export interface Mutation {
  what: string;
  /** False where it is not for this place. Changes the schemas in place. */
  apply(place: PlainPlace): boolean;
}

export const NEW_NAME = 'added_today';

export const mutations = {
  removed: mutation('a property is gone', ({ owner, name }) => {
    const { [name]: _gone, ...rest } = owner['properties'] as JsonObject;
    owner['properties'] = rest;
    owner['required'] = required(owner).filter((each) => each !== name);
    return true;
  }),
  required: mutation('a property is required', ({ owner, name }) => {
    if (required(owner).includes(name)) return false;
    owner['required'] = [name, ...required(owner)];
    return true;
  }),
  notRequired: mutation('a property is not required any more', ({ owner, name }) => {
    if (!required(owner).includes(name)) return false;
    owner['required'] = required(owner).filter((each) => each !== name);
    return true;
  }),
  added: mutation('a property that may be there is new', ({ owner }) => add(owner, { type: 'string' })),
  addedRequired: mutation('a property that has to be there is new', ({ owner }) => {
    owner['required'] = [...required(owner), NEW_NAME];
    return add(owner, { type: 'string' });
  }),
  fewerValues: mutation('a listed value is gone', (place) => {
    const schema = schemaAt(place);
    const values = schema['enum'];
    if (!Array.isArray(values) || values.length < 2) return false;
    schema['enum'] = values.slice(1);
    return true;
  }),
  moreValues: mutation('a value more is listed', (place) => {
    const schema = schemaAt(place);
    if (schema['type'] !== 'string' || !Array.isArray(schema['enum'])) return false;
    schema['enum'] = [...(schema['enum'] as unknown[]), 'a value of today'];
    return true;
  }),
  nullable: mutation('null may be there too', (place) => {
    const schema = schemaAt(place);
    if (typeof schema['type'] !== 'string' || schema['type'] === 'null' || isForked(schema)) return false;
    schema['type'] = [schema['type'], 'null'];
    return true;
  }),
  otherType: mutation('it has another type', (place) => {
    const schema = schemaAt(place);
    if (schema['type'] !== 'string' || isForked(schema)) return false;
    schema['type'] = 'boolean';
    return true;
  }),
  limited: mutation('a limit is new', (place) => {
    const schema = schemaAt(place);
    if (schema['type'] !== 'string' || schema['format'] !== undefined || isForked(schema)) return false;
    schema['maxLength'] = Math.min(5, Number(schema['maxLength'] ?? 6) - 1);
    return schema['minLength'] === undefined || Number(schema['minLength']) <= 5;
  }),
  described: mutation('it is described otherwise', (place) => {
    schemaAt(place)['description'] = 'Described today';
    return true;
  }),
} as const;

function mutation(what: string, apply: Mutation['apply']): Mutation {
  return { what, apply };
}

function add(owner: JsonObject, schema: JsonObject): boolean {
  owner['properties'] = { ...(owner['properties'] as JsonObject), [NEW_NAME]: schema };
  return true;
}

function required(owner: JsonObject): string[] {
  return Array.isArray(owner['required']) ? owner['required'].map(String) : [];
}

function schemaAt({ owner, name }: PlainPlace): JsonObject {
  const schema = (owner['properties'] as JsonObject)[name];
  return isJsonObject(schema) ? schema : {};
}

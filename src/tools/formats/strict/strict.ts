import { isJsonObject, type JsonObject } from '../../../json/object.ts';
import { pointerTo } from '../../../json/pointer.ts';
import { createDefinitions, type Definitions } from './definitions.ts';
import { areExclusive } from './exclusive.ts';
import { KEYWORDS_OF_TYPE, TOLD_ANNOTATIONS, UNSUPPORTED } from './keywords.ts';
import { fitsType, literalTypes, nullable } from './nullable.ts';
import { NotStrict, type StrictRules } from './rules.ts';

export interface StrictSchema {
  schema: JsonObject;
  /** Optional inputs are required there, and null where they are left out. */
  hasNullsForOptional: boolean;
  /** Constraints are told in descriptions that are not enforced. */
  hasToldConstraints: boolean;
}

interface Context {
  root: JsonObject;
  rules: StrictRules;
  definitions: Definitions;
  found: { hasNullsForOptional: boolean; hasToldConstraints: boolean };
}

/**
 * The schema of a tool's input as a strict mode takes it: the same inputs but for properties that it does not name,
 * and, where all have to be required, null for those left out. Throws a NotStrict where that cannot be said there.
 */
export function toStrict(root: JsonObject, rules: StrictRules): StrictSchema {
  const found = { hasNullsForOptional: false, hasToldConstraints: false };
  const definitions = createDefinitions(root);
  const context: Context = { root, rules, definitions, found };
  const hasNoInputs = root['properties'] === undefined && root['additionalProperties'] === undefined;
  const schema = strictSchema(hasNoInputs ? { ...root, properties: {} } : root, '', context);
  const defs = definitions.transformAll((value, place) => strictSchema(value, place, context));
  if (!rules.allowsRecursion && definitions.isRecursive()) {
    throw new NotStrict('a schema that contains itself', '');
  }
  const whole = defs === undefined ? schema : { ...schema, $defs: defs };
  const exceeded = rules.exceeded?.(whole);
  if (exceeded !== undefined) throw new NotStrict(exceeded, '');
  return { schema: whole, ...found };
}

/** In characters: deeper schemas fit no strict mode, and no call stack at some time. */
const MOST_PLACE = 10_000;

function strictSchema(value: unknown, place: string, context: Context): JsonObject {
  if (!isJsonObject(value) || isEmptySchema(value)) throw new NotStrict('a value of any kind', place);
  if (place.length > MOST_PLACE) throw new NotStrict('schemas in schemas too deep', `${place.slice(0, 60)}…`);
  const schema = withoutLoneAllOf(value);
  const { $ref, anyOf, oneOf, type } = schema;
  if (place !== '' && schema['$id'] !== undefined)
    throw new NotStrict('a schema with an $id of its own', place);
  for (const key of Object.keys(schema)) {
    if (UNSUPPORTED.has(key) && !context.rules.told.has(key)) throw new NotStrict(key, place);
  }
  if ($ref !== undefined) return strictRef(schema, $ref, place, context);
  if (Array.isArray(anyOf)) return strictUnion(schema, 'anyOf', anyOf, place, context);
  if (Array.isArray(oneOf)) {
    if (!areExclusive(oneOf, context.root))
      throw new NotStrict('oneOf whose alternatives may overlap', place);
    return strictUnion(schema, 'oneOf', oneOf, place, context);
  }
  if (schema['enum'] !== undefined || schema['const'] !== undefined)
    return strictLiteral(schema, place, context);
  if (Array.isArray(type) && type.length > 1) return strictTypes(schema, type, place, context);
  return strictTyped(schema, Array.isArray(type) ? type[0] : type, place, context);
}

const SILENT = new Set(['$defs', 'definitions', '$schema', '$id', '$comment', 'title', 'description']);

function isEmptySchema(schema: JsonObject): boolean {
  return Object.keys(schema).every((key) => SILENT.has(key) || TOLD_ANNOTATIONS.has(key));
}

/** `allOf` with one schema, which generators write to put a description beside a `$ref`. */
function withoutLoneAllOf(schema: JsonObject): JsonObject {
  const { allOf, ...rest } = schema;
  const [only, ...others] = Array.isArray(allOf) ? allOf : [];
  if (!isJsonObject(only) || others.length > 0 || !isEmptySchema(rest)) return schema;
  return withoutLoneAllOf({ ...only, ...rest });
}

function strictRef(schema: JsonObject, ref: unknown, place: string, context: Context): JsonObject {
  const target = { $ref: context.definitions.refer(ref, place) };
  const { $ref: _ref, ...rest } = schema;
  if (!isEmptySchema(rest)) throw new NotStrict('$ref with constraints beside it', place);
  const about = annotations(rest, [], context);
  return Object.keys(about).length === 0 ? target : { anyOf: [target], ...about };
}

function strictUnion(
  schema: JsonObject,
  key: string,
  members: readonly unknown[],
  place: string,
  context: Context,
): JsonObject {
  if (place === '') throw new NotStrict(`${key} at the top`, '');
  const { [key]: _members, ...rest } = schema;
  const { type, ...others } = rest;
  const isRepeated =
    type === undefined || members.every((member) => isJsonObject(member) && member['type'] === type);
  if (!isRepeated || !isEmptySchema(others)) throw new NotStrict(`${key} with constraints beside it`, place);
  const anyOf = members.map((member, index) => strictSchema(member, place + pointerTo(key, index), context));
  return { anyOf, ...annotations(rest, [], context) };
}

function strictLiteral(schema: JsonObject, place: string, context: Context): JsonObject {
  const { enum: list, const: value, type, ...rest } = schema;
  const values = value === undefined ? list : [value];
  if (!Array.isArray(values) || values.some((each) => typeof each === 'object' && each !== null)) {
    throw new NotStrict('enum or const with lists or objects', place);
  }
  const fitting = values.filter((each) => type === undefined || fitsType(each, [type].flat()));
  if (fitting.length === 0) throw new NotStrict('enum or const that nothing fits', place);
  const types = literalTypes(fitting);
  const head = context.rules.typesLiterals ? { type: types.length === 1 ? types[0] : types } : {};
  const own = value === undefined ? { enum: fitting } : { const: value };
  return { ...head, ...own, ...annotations(rest, Object.values(KEYWORDS_OF_TYPE).flat(), context) };
}

/** Of scalar types where lists of them are taken; else a union of a schema for each. */
function strictTypes(
  schema: JsonObject,
  types: readonly unknown[],
  place: string,
  context: Context,
): JsonObject {
  const isScalar = types.every((type) => type !== 'object' && type !== 'array');
  if (isScalar && context.rules.hasTypeLists) {
    const keywords = types.flatMap((type) => KEYWORDS_OF_TYPE[String(type)] ?? []);
    return {
      type: types,
      ...constraints(schema, keywords, context),
      ...annotations(schema, keywords, context),
    };
  }
  const anyOf = types.map((type) => {
    const keywords = KEYWORDS_OF_TYPE[String(type)] ?? [];
    const own = Object.fromEntries(Object.entries(schema).filter(([key]) => keywords.includes(key)));
    return strictTyped({ ...own, type }, type, place, context);
  });
  return { anyOf, ...annotations(schema, [], context) };
}

function strictTyped(schema: JsonObject, declared: unknown, place: string, context: Context): JsonObject {
  const type = declared ?? (isJsonObject(schema['properties']) ? 'object' : undefined);
  const keywords = typeof type === 'string' ? KEYWORDS_OF_TYPE[type] : undefined;
  if (keywords === undefined) {
    throw new NotStrict(type === undefined ? 'a value of any kind' : 'a type that is none', place);
  }
  const shape =
    type === 'object'
      ? strictObject(schema, place, context)
      : type === 'array'
        ? { items: strictItems(schema, place, context) }
        : {};
  return {
    type,
    ...shape,
    ...constraints(schema, keywords, context),
    ...annotations(schema, keywords, context),
  };
}

function strictItems({ items }: JsonObject, place: string, context: Context): JsonObject {
  if (Array.isArray(items)) throw new NotStrict('a list whose places differ', place);
  return strictSchema(items, place + pointerTo('items'), context);
}

function strictObject(schema: JsonObject, place: string, context: Context): JsonObject {
  const { properties, additionalProperties, required } = schema;
  const isOpen = additionalProperties !== undefined && additionalProperties !== false;
  const isShapeless = properties === undefined && additionalProperties === undefined;
  if (isOpen || isShapeless) throw new NotStrict('an object with properties of any name', place);
  const described = isJsonObject(properties) ? properties : {};
  const names = Object.keys(described);
  const needed = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
  if (!needed.every((name) => names.includes(name))) {
    throw new NotStrict('a required property that is not described', place);
  }
  const { isAllRequired } = context.rules;
  const transformed = Object.entries(described).map(([name, value]) => {
    const own = strictSchema(value, place + pointerTo('properties', name), context);
    if (!isAllRequired || needed.includes(name)) return [name, own] as const;
    context.found.hasNullsForOptional = true;
    return [name, nullable(own)] as const;
  });
  return {
    properties: Object.fromEntries(transformed),
    ...(isAllRequired ? { required: names } : needed.length === 0 ? {} : { required: needed }),
    additionalProperties: false,
  };
}

const SHAPE = new Set(['properties', 'required', 'additionalProperties', 'items']);

/** Those that are enforced. */
function constraints(schema: JsonObject, keywords: readonly string[], context: Context): JsonObject {
  const kept = Object.entries(schema).filter(
    ([key, value]) => keywords.includes(key) && !SHAPE.has(key) && isEnforced(key, value, context.rules),
  );
  return Object.fromEntries(kept);
}

function isEnforced(key: string, value: unknown, rules: StrictRules): boolean {
  if (key === 'format') return typeof value === 'string' && rules.formats.has(value);
  if (key === 'minItems') return typeof value === 'number' && value <= rules.mostMinItems;
  return rules.enforced.has(key);
}

/** Title and description, which ends with what is not enforced, written as Anthropic's SDK does it. */
function annotations(schema: JsonObject, keywords: readonly string[], context: Context): JsonObject {
  const { title, description } = schema;
  const told = Object.entries(schema).filter(([key, value]) => {
    if (TOLD_ANNOTATIONS.has(key)) return true;
    const isTold = keywords.includes(key) && !SHAPE.has(key) && !isEnforced(key, value, context.rules);
    if (isTold && key !== 'format') context.found.hasToldConstraints = true;
    return isTold;
  });
  const list = told.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ');
  const text = [
    ...(typeof description === 'string' ? [description] : []),
    ...(list === '' ? [] : [`{${list}}`]),
  ].join('\n\n');
  return {
    ...(typeof title === 'string' ? { title } : {}),
    ...(text === '' ? {} : { description: text }),
  };
}

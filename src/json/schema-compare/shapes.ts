import { canonicalText } from '../canonical.ts';
import type { JsonObject } from '../object.ts';
import { accepts } from './accepts.ts';
import { arrayShape } from './array-shape.ts';
import { condition, type Flat, type Parts } from './flatten.ts';
import {
  type Alternative,
  type Condition,
  type Shape,
  typeOfValue,
  VALUE_TYPES,
  type ValueType,
} from './model.ts';
import { objectShape } from './object-shape.ts';
import { numberShape, stringShape } from './scalar-shapes.ts';

/** What fits schemas without unions: an alternative for each type, or the values that they list. */
export function alternativesOf(parts: Parts, { plain, conditions }: Flat): Alternative[] {
  const { types, isInteger, unknown } = typesOf(plain);
  const all = [...conditions, ...unknown.map((name) => condition('type', name))];
  const shapes = types.flatMap((type) => shapeOf(parts, type, plain, isInteger, all));
  const listed = listedValues(plain);
  if (listed === undefined) {
    const constants = types.flatMap((type) =>
      type === 'null' ? [null] : type === 'boolean' ? [true, false] : [],
    );
    return constants.length === 0 ? shapes : [literals(constants, all), ...shapes];
  }
  const fitting = listed.filter((value) => types.includes(typeOfValue(value)));
  const verdicts = fitting.map((value) => acceptsAny(shapes, value));
  const taken = fitting.filter((_value, index) => verdicts[index] !== 'no');
  if (taken.length === 0) return [];
  const isSure = !verdicts.includes('undecided');
  return [literals(taken, isSure ? all : [...all, condition('enum', parts.document.text())])];
}

function acceptsAny(shapes: readonly Shape[], value: unknown) {
  const shape = shapes.find(({ type }) => type === typeOfValue(value));
  return shape === undefined ? 'yes' : accepts({ ...shape, conditions: [] }, value, { trustsFormats: true });
}

function literals(values: readonly unknown[], conditions: readonly Condition[]): Alternative {
  return {
    type: 'literals',
    values: new Map(values.map((value) => [canonicalText(value), value])),
    conditions,
  };
}

/** What every `enum` and `const` lists; undefined where there is none. */
function listedValues(plain: readonly JsonObject[]): unknown[] | undefined {
  const lists = plain.flatMap((schema) => [
    ...(Array.isArray(schema['enum']) ? [schema['enum'] as unknown[]] : []),
    ...('const' in schema ? [[schema['const']]] : []),
  ]);
  const [first, ...others] = lists;
  const texts = others.map((list) => new Set(list.map(canonicalText)));
  return first?.filter((value) => texts.every((list) => list.has(canonicalText(value))));
}

function typesOf(plain: readonly JsonObject[]): {
  types: ValueType[];
  isInteger: boolean;
  unknown: string[];
} {
  let types = [...VALUE_TYPES];
  let isInteger = false;
  const unknown: string[] = [];
  for (const { type, nullable } of plain) {
    if (type === undefined) continue;
    const names = [type].flat().map(String);
    const known = names.filter((name) => name === 'integer' || VALUE_TYPES.includes(name as ValueType));
    if (known.length < names.length) unknown.push(canonicalText(names));
    if (known.length === 0) continue;
    // OpenAPI's, which ajv knows too.
    if (nullable === true) known.push('null');
    if (known.includes('integer') && !known.includes('number')) {
      isInteger = true;
      known.push('number');
    }
    types = types.filter((each) => known.includes(each));
  }
  return { types, isInteger, unknown };
}

function shapeOf(
  parts: Parts,
  type: ValueType,
  plain: readonly JsonObject[],
  isInteger: boolean,
  conditions: readonly Condition[],
): Shape[] {
  switch (type) {
    case 'number':
      return [numberShape(plain, isInteger, conditions)];
    case 'string':
      return [stringShape(plain, conditions)];
    case 'array':
      return [arrayShape(parts, plain, conditions)];
    case 'object':
      return [objectShape(parts, plain, conditions)];
    default:
      return [];
  }
}

/** Alternatives that list values, as one. */
export function mergedLiterals(alternatives: readonly Alternative[]): Alternative[] {
  const plain = alternatives.filter((each) => each.type === 'literals' && each.conditions.length === 0);
  if (plain.length < 2) return [...alternatives];
  const values = plain.flatMap((each) => (each.type === 'literals' ? [...each.values] : []));
  const rest = alternatives.filter((each) => !plain.includes(each));
  return [{ type: 'literals', values: new Map(values), conditions: [] }, ...rest];
}

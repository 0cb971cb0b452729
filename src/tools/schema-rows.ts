import { isJsonObject, type JsonObject } from '../json/object.ts';
import { keywordOf, type Shape, type Shapes, shapesOf, textOf } from './shape.ts';

/** A property of a schema, in words for a person. */
export interface SchemaRow {
  /** `a.b` for what is inside, `a[].b` for what is in each element. */
  name: string;
  type: string;
  isRequired: boolean;
  /** JSON; empty where there is none. */
  default: string;
  constraints: string;
  description: string;
}

/** Of very large schemas: nobody reads more, and `--schema` has all of it. */
const MOST_ROWS = 500;
const MOST_VALUES = 6;

export function schemaRows(schema: JsonObject | null): SchemaRow[] {
  const shapes = shapesOf(schema);
  const rows: SchemaRow[] = [];
  addRows(rows, shapes, shapes.root, '', new Set());
  return rows;
}

/** Depth first, as the schema has them. What a schema contains of itself is named, and not gone into again. */
function addRows(
  rows: SchemaRow[],
  shapes: Shapes,
  of: readonly Shape[],
  prefix: string,
  around: ReadonlySet<JsonObject>,
): void {
  const inside = new Set([...around, ...of.flatMap(({ parts }) => parts.filter(hasProperties))]);
  for (const name of new Set([...shapes.names(of), ...requiredNames(of)])) {
    if (rows.length >= MOST_ROWS) return;
    const property = shapes.property(of, name)?.shapes ?? [];
    rows.push({
      name: prefix + name,
      type: typeText(shapes, property),
      isRequired: isRequired(of, name),
      default: jsonOf(keywordOf(property, 'default')),
      constraints: constraintsOf(shapes, property).join(', '),
      description: textOf(property, 'description') ?? '',
    });
    const [content, mark] = contentOf(shapes, property);
    const isKnown = content.some(({ parts }) => parts.some((part) => inside.has(part)));
    if (!isKnown) addRows(rows, shapes, content, `${prefix}${name}${mark}.`, inside);
  }
}

function hasProperties(part: JsonObject): boolean {
  return isJsonObject(part['properties']);
}

/** What has the properties: the value, or the elements of a list of lists. */
function contentOf(shapes: Shapes, property: readonly Shape[]): [content: readonly Shape[], mark: string] {
  let content = property;
  let mark = '';
  while (shapes.names(content).length === 0 && content.some(isList) && mark.length < 8) {
    content = shapes.element(content, 0);
    mark += '[]';
  }
  return [content, mark];
}

function isList({ types }: Shape): boolean {
  return types?.includes('array') === true;
}

/** Those of any form, whether they are described or not. */
export function requiredNames(of: readonly Shape[]): string[] {
  const lists = of.flatMap(({ parts }) => parts.map(({ required }) => required));
  return lists
    .filter((list) => Array.isArray(list))
    .flatMap((list) => list.filter((name) => typeof name === 'string'));
}

/** In every form of the object. */
export function isRequired(of: readonly Shape[], name: string): boolean {
  const objects = of.filter(({ types }) => types === undefined || types.includes('object'));
  return (
    objects.length > 0 &&
    objects.every(({ parts }) =>
      parts.some(({ required }) => Array.isArray(required) && required.includes(name)),
    )
  );
}

function typeText(shapes: Shapes, property: readonly Shape[], depth = 0): string {
  const alternatives = property.flatMap((shape) => alternativesOf(shapes, shape, depth));
  return [...new Set(alternatives)].join(' | ') || 'any';
}

function alternativesOf(shapes: Shapes, shape: Shape, depth: number): string[] {
  if (shape.values !== undefined) {
    const shown = shape.values.slice(0, MOST_VALUES).map(jsonOf);
    const rest = shape.values.length - shown.length;
    return rest > 0 ? [...shown, `${rest} more`] : shown;
  }
  return (shape.types ?? ['any']).map((type) => {
    if (type !== 'array' || depth > 3) return type;
    const element = typeText(shapes, shapes.element([shape], 0), depth + 1);
    return element.includes(' | ') ? `(${element})[]` : `${element}[]`;
  });
}

function constraintsOf(shapes: Shapes, property: readonly Shape[]): string[] {
  const parts = property.flatMap((shape) => shape.parts);
  const texts = parts.flatMap((part) => [
    ...plain(part, 'format', (value) => value),
    ...plain(part, 'pattern', (value) => `/${value}/`),
    ...range(part, 'minLength', 'maxLength', 'characters'),
    ...range(part, 'minItems', 'maxItems', 'items'),
    ...range(part, 'minProperties', 'maxProperties', 'properties'),
    ...bounds(part),
    ...plain(part, 'multipleOf', (value) => `multiple of ${value}`),
    ...(part['uniqueItems'] === true ? ['unique'] : []),
    ...(part['writeOnly'] === true ? ['write-only'] : []),
    ...(part['deprecated'] === true ? ['deprecated'] : []),
  ]);
  const free = property.flatMap((shape) => {
    const isObject = shape.types?.includes('object') === true;
    const other = isObject ? shapes.property([shape], '\u0000') : undefined;
    return other === undefined ? [] : [`any name: ${typeText(shapes, other.shapes)}`];
  });
  return [...new Set([...texts, ...free])];
}

function plain(part: JsonObject, key: string, text: (value: string) => string): string[] {
  const value = part[key];
  return typeof value === 'string' || typeof value === 'number' ? [text(String(value))] : [];
}

function range(part: JsonObject, least: string, most: string, what: string): string[] {
  const [from, to] = [part[least], part[most]];
  if (typeof from === 'number' && typeof to === 'number') {
    return [from === to ? `${from} ${what}` : `${from}–${to} ${what}`];
  }
  if (typeof from === 'number' && from <= 1) return from === 1 ? ['not empty'] : [];
  if (typeof from === 'number') return [`at least ${from} ${what}`];
  return typeof to === 'number' ? [`at most ${to} ${what}`] : [];
}

/** Those of every safe integer say nothing; zod writes them. */
function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonObject): string[] {
  return [
    ...(typeof minimum === 'number' && minimum !== Number.MIN_SAFE_INTEGER ? [`≥ ${minimum}`] : []),
    ...(typeof exclusiveMinimum === 'number' ? [`> ${exclusiveMinimum}`] : []),
    ...(typeof maximum === 'number' && maximum !== Number.MAX_SAFE_INTEGER ? [`≤ ${maximum}`] : []),
    ...(typeof exclusiveMaximum === 'number' ? [`< ${exclusiveMaximum}`] : []),
  ];
}

function jsonOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value);
}

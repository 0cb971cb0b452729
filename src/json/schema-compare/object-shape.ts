import { canonicalText } from '../canonical.ts';
import type { JsonObject } from '../object.ts';
import { condition, type Parts } from './flatten.ts';
import { hasInPlaceSchemas, isOpen, numbersOf, schemasIn } from './keywords.ts';
import { type Condition, NEVER, type ObjectShape } from './model.ts';
import { matchesPattern } from './pattern.ts';

export function objectShape(
  parts: Parts,
  plain: readonly JsonObject[],
  conditions: readonly Condition[],
): ObjectShape {
  const maps = plain.map(mapOf);
  const keys = new Set(maps.flatMap(({ properties }) => [...properties.keys()]));
  const patterns = new Set(maps.flatMap((map) => [...map.patterns.keys()]));
  const required = new Set(
    plain.flatMap(({ required: names }) =>
      Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [],
    ),
  );
  const minProperties = Math.max(0, ...numbersOf(plain, 'minProperties'));
  const properties = [...keys]
    .sort()
    .map((key) => [key, parts.node(maps.flatMap((map) => schemasAt(map, key)))] as const);
  const additional = parts.node(maps.map((map) => map.additional));
  return {
    type: 'object',
    // One that no value fits is not there, where none is allowed that is not named.
    properties: new Map(properties.filter(([, node]) => node !== NEVER || additional !== NEVER)),
    required,
    patterns: new Map(
      [...patterns]
        .sort()
        .map((pattern) => [pattern, parts.node(maps.flatMap((map) => schemasOfPattern(map, pattern)))]),
    ),
    additional,
    minProperties: minProperties <= required.size ? 0 : minProperties,
    maxProperties: Math.min(Infinity, ...numbersOf(plain, 'maxProperties')),
    conditions: [
      ...conditions,
      ...plain.flatMap((schema) => conditionsOf(parts, schema)),
      ...mergedPatterns(parts, maps),
    ],
  };
}

interface KeyedSchemas {
  properties: ReadonlyMap<string, unknown>;
  patterns: ReadonlyMap<string, unknown>;
  additional: unknown;
}

function mapOf(schema: JsonObject): KeyedSchemas {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties } = schema;
  const left = hasInPlaceSchemas(schema) ? undefined : unevaluatedProperties;
  return {
    properties: schemasIn(properties),
    patterns: schemasIn(patternProperties),
    additional: additionalProperties ?? left,
  };
}

/** All that one schema says of a key. */
function schemasAt({ properties, patterns, additional }: KeyedSchemas, key: string): unknown[] {
  const own = properties.has(key) ? [properties.get(key)] : [];
  const matching = [...patterns].flatMap(([pattern, schema]) =>
    matchesPattern(pattern, key) ? [schema] : [],
  );
  return own.length + matching.length === 0 ? [additional] : [...own, ...matching];
}

/** All that one schema says of the keys that match a pattern, and that nobody names. */
function schemasOfPattern({ patterns, additional }: KeyedSchemas, pattern: string): unknown[] {
  if (patterns.has(pattern)) return [patterns.get(pattern)];
  return patterns.size === 0 ? [additional] : [];
}

/** Which of its keys the patterns of one schema leave to its `additionalProperties` is not put together with another's. */
function mergedPatterns({ document }: Parts, maps: readonly KeyedSchemas[]): Condition[] {
  const withPatterns = maps.filter(({ patterns }) => patterns.size > 0);
  const isExact = withPatterns.length < 2 || withPatterns.every(({ additional }) => isOpen(additional));
  return isExact ? [] : [condition('patternProperties', document.text())];
}

function conditionsOf({ node, document }: Parts, schema: JsonObject): Condition[] {
  const { propertyNames, dependentRequired, dependentSchemas, dependencies, unevaluatedProperties } = schema;
  const found: Condition[] = [];
  if (!isOpen(propertyNames)) found.push(condition('propertyNames', '', [['', node([propertyNames])]]));
  for (const [key, value] of [
    ...schemasIn(dependentRequired),
    ...schemasIn(dependentSchemas),
    ...schemasIn(dependencies),
  ]) {
    found.push(
      Array.isArray(value)
        ? condition(`dependentRequired of ${key}`, canonicalText(value.map(String).sort()))
        : condition(`dependentSchemas of ${key}`, '', [['', node([value])]]),
    );
  }
  if (
    !isOpen(unevaluatedProperties) &&
    hasInPlaceSchemas(schema) &&
    schema['additionalProperties'] === undefined
  )
    found.push(condition('unevaluatedProperties', document.text()));
  return found;
}

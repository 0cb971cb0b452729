import { followLocalRef } from '../../json/local-ref.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { subschemas } from './subschemas.ts';
import type { Problem } from './tool-format.ts';

/** Letters, digits, `_` and `-`, which Anthropic and OpenAI take, in different lengths. */
export function nameProblems(name: string, most: number): Problem[] {
  return [
    ...(/^[a-zA-Z0-9_-]*$/.test(name)
      ? []
      : [{ rule: 'a name with other characters than letters, digits, _ and -' }]),
    ...(name === '' ? [{ rule: 'no name' }] : []),
    ...(name.length > most ? [{ rule: `a name of more than ${most} characters` }] : []),
  ];
}

/** What may not stand at the top of a schema, whose values have to be objects. */
export function rootProblems(input: JsonObject, excluded: readonly string[]): Problem[] {
  return [
    ...(input['type'] === 'object' ? [] : [{ rule: 'an input that is no object' }]),
    ...excluded.flatMap((key) =>
      input[key] === undefined ? [] : [{ rule: `${key} at the top of the schema` }],
    ),
  ];
}

/** References that the API cannot follow: it gets the one schema. */
export function refProblems(input: JsonObject): Problem[] {
  // Anchors and ids are rare enough to leave those who use them unchecked.
  const hasOwnNames = [...subschemas(input)].some(
    ({ schema }) => schema['$anchor'] !== undefined || schema['$id'] !== undefined,
  );
  if (hasOwnNames) return [];
  return [...subschemas(input)].flatMap(({ schema, place }) => {
    const ref = schema['$ref'];
    if (typeof ref !== 'string' || followLocalRef(input, ref) !== undefined) return [];
    return [{ rule: 'a $ref that leads out of the schema', place }];
  });
}

/** Where a list does not say what is in it. */
export function itemsProblems(input: JsonObject): Problem[] {
  return [...subschemas(input)].flatMap(({ schema, place }) => {
    const isList = [schema['type']].flat().includes('array');
    const hasItems = schema['items'] !== undefined || schema['prefixItems'] !== undefined;
    return isList && !hasItems ? [{ rule: 'an array without items', place }] : [];
  });
}

/** Top-level inputs whose names do not fit. */
export function keyProblems(input: JsonObject, pattern: RegExp): Problem[] {
  const names = isJsonObject(input['properties']) ? Object.keys(input['properties']) : [];
  return names
    .filter((name) => !pattern.test(name))
    .map((name) => ({ rule: `an input whose name does not match ${pattern.source}`, place: name }));
}

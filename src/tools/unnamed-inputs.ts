import type { JsonObject } from '../json/object.ts';
import { meantBy } from '../suggest.ts';
import { shapesOf } from './shape.ts';

/**
 * What to say of inputs that the schema lets through and does not name: most tools ignore them without a word. None
 * for a schema that names no input at all.
 */
export function unnamedInputs(toolName: string, schema: JsonObject, input: JsonObject): string[] {
  const shapes = shapesOf(schema);
  const names = shapes.names(shapes.root);
  if (names.length === 0) return [];
  return Object.keys(input)
    .filter((name) => shapes.property(shapes.root, name) === undefined)
    .map((name) => {
      const meant = meantBy(name, names);
      const suggestion = meant === undefined ? '' : `: did you mean ${meant}?`;
      return `${JSON.stringify(name)} is not among the inputs of ${toolName}${suggestion}`;
    });
}

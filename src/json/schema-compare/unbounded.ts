import { ANY, type Shape } from './model.ts';

/** Whether a shape takes every value of its type. */
export function isUnbounded(shape: Shape): boolean {
  if (shape.conditions.length > 0) return false;
  switch (shape.type) {
    case 'number':
      return (
        !shape.isInteger &&
        shape.minimum === undefined &&
        shape.maximum === undefined &&
        shape.multiples.length + shape.formats.length === 0
      );
    case 'string':
      return (
        shape.minLength === 0 &&
        shape.maxLength === Infinity &&
        shape.patterns.length + shape.formats.length === 0
      );
    case 'array':
      return (
        shape.minItems === 0 &&
        shape.maxItems === Infinity &&
        !shape.isUnique &&
        shape.prefix.length === 0 &&
        shape.rest === ANY
      );
    default:
      return (
        shape.properties.size + shape.required.size + shape.patterns.size === 0 &&
        shape.minProperties === 0 &&
        shape.maxProperties === Infinity &&
        shape.additional === ANY
      );
  }
}

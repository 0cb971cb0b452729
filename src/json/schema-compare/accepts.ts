import { type Bound, type Shape, typeOfValue } from './model.ts';
import { matchesPattern } from './pattern.ts';
import { isUnbounded } from './unbounded.ts';

export type Verdict = 'yes' | 'no' | 'undecided';

/** Whether a shape takes a value. `trustsFormats`: the value is listed beside them, and so fits them. */
export function accepts(shape: Shape, value: unknown, { trustsFormats = false } = {}): Verdict {
  if (shape.type !== typeOfValue(value)) return 'no';
  if (!isWithin(shape, value)) return 'no';
  if (shape.conditions.length > 0) return 'undecided';
  switch (shape.type) {
    case 'number':
    case 'string':
      return trustsFormats || shape.formats.length === 0 ? 'yes' : 'undecided';
    default:
      return isUnbounded(shape) ? 'yes' : 'undecided';
  }
}

/** False only where the value surely does not fit. */
function isWithin(shape: Shape, value: unknown): boolean {
  if (shape.type === 'number' && typeof value === 'number') {
    const { minimum, maximum, isInteger, multiples } = shape;
    if (isInteger && !Number.isInteger(value)) return false;
    return (
      isAbove(value, minimum) &&
      isAbove(-value, negated(maximum)) &&
      multiples.every((each) => isMultiple(value, each))
    );
  }
  if (shape.type === 'string' && typeof value === 'string') {
    const length = Array.from(value).length;
    if (length < shape.minLength || length > shape.maxLength) return false;
    return shape.patterns.every((pattern) => matchesPattern(pattern, value) !== false);
  }
  return true;
}

function isAbove(value: number, bound: Bound | undefined): boolean {
  if (bound === undefined) return true;
  return bound.isExclusive ? value > bound.value : value >= bound.value;
}

function negated(bound: Bound | undefined): Bound | undefined {
  return bound === undefined ? undefined : { ...bound, value: -bound.value };
}

function isMultiple(value: number, of: number): boolean {
  return Number.isInteger(value / of);
}

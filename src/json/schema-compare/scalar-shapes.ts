import type { JsonObject } from '../object.ts';
import { distinct, numbersOf, textsOf } from './keywords.ts';
import type { Bound, Condition, NumberShape, StringShape } from './model.ts';

const NUMBER_FORMATS: ReadonlySet<unknown> = new Set(['int32', 'int64', 'float', 'double']);

export function numberShape(
  plain: readonly JsonObject[],
  isInteger: boolean,
  conditions: readonly Condition[],
): NumberShape {
  const bound = (side: 'Minimum' | 'Maximum') => {
    const tighter = side === 'Minimum' ? 1 : -1;
    const bounds = plain
      .flatMap((schema) => boundsOf(schema, side))
      .map((each) => (isInteger ? wholeBound(each, tighter) : each));
    // The tightest; of two equal ones the exclusive.
    return bounds.sort(
      (a, b) => tighter * (b.value - a.value) || Number(b.isExclusive) - Number(a.isExclusive),
    )[0];
  };
  const multiples = numbersOf(plain, 'multipleOf').filter((each) => each > 0);
  return {
    type: 'number',
    isInteger,
    minimum: bound('Minimum'),
    maximum: bound('Maximum'),
    multiples: distinct(multiples.filter((each) => !(isInteger && each === 1))),
    formats: distinct(textsOf(plain, 'format').filter((format) => NUMBER_FORMATS.has(format))),
    conditions,
  };
}

/** In draft 4 `exclusiveMinimum` is true and belongs to `minimum`. */
function boundsOf(schema: JsonObject, side: 'Minimum' | 'Maximum'): Bound[] {
  const inclusive = schema[side.toLowerCase()];
  const exclusive = schema[`exclusive${side}`];
  return [
    ...(typeof inclusive === 'number' ? [{ value: inclusive, isExclusive: exclusive === true }] : []),
    ...(typeof exclusive === 'number' ? [{ value: exclusive, isExclusive: true }] : []),
  ];
}

/** More than 0 is 1 or more, among integers. */
function wholeBound({ value, isExclusive }: Bound, tighter: 1 | -1): Bound {
  const whole = tighter === 1 ? Math.ceil(value) : Math.floor(value);
  return { value: isExclusive && whole === value ? whole + tighter : whole, isExclusive: false };
}

export function stringShape(plain: readonly JsonObject[], conditions: readonly Condition[]): StringShape {
  return {
    type: 'string',
    minLength: Math.max(0, ...numbersOf(plain, 'minLength')),
    maxLength: Math.min(Infinity, ...numbersOf(plain, 'maxLength')),
    patterns: distinct(textsOf(plain, 'pattern')),
    formats: distinct(textsOf(plain, 'format').filter((format) => !NUMBER_FORMATS.has(format))),
    conditions,
  };
}

import { accepts } from './accepts.ts';
import { conditionDifferences } from './conditions.ts';
import { type Comparison, type Difference, valueDifference } from './difference.ts';
import {
  type Condition,
  type Literals,
  type SchemaNode,
  type Shape,
  typeOfValue,
  type ValueType,
} from './model.ts';
import { unionDifferences } from './union-differences.ts';
import { article, valuesText, valueTypes } from './words.ts';

/** What one type's values may be: those that are listed, and those that fit a shape. */
interface Offer {
  values: ReadonlyMap<string, unknown>;
  shapes: readonly Shape[];
  /** Of the lists. */
  conditions: readonly Condition[];
  /** Whether lists with conditions of different kinds are among them. */
  isMixed: boolean;
}

/** What became of the values of each type that both nodes take. */
export function valuesDifferences(
  comparison: Comparison,
  before: SchemaNode,
  after: SchemaNode,
): Difference[] {
  const now = valueTypes(after);
  return [...valueTypes(before)]
    .filter((type) => now.has(type))
    .flatMap((type) => {
      const [old, current] = [offerOf(comparison, before, type), offerOf(comparison, after, type)];
      return offerDifferences(comparison, type, old, current);
    });
}

function offerOf({ classes }: Comparison, { alternatives }: SchemaNode, type: ValueType): Offer {
  const lists = alternatives.filter((each): each is Literals => each.type === 'literals');
  const own = lists.filter(({ values }) => [...values.values()].some((value) => typeOfValue(value) === type));
  const values = own.flatMap((each) => [...each.values].filter(([, value]) => typeOfValue(value) === type));
  const shapes = alternatives.filter((each): each is Shape => each.type === type);
  const distinct = new Map(shapes.map((shape) => [classes.ofAlternative(shape), shape]));
  return {
    values: new Map(values),
    shapes: [...distinct.values()],
    conditions: own.flatMap(({ conditions }) => conditions),
    isMixed: own.length > 1 && own.some(({ conditions }) => conditions.length > 0),
  };
}

function offerDifferences(comparison: Comparison, type: ValueType, old: Offer, now: Offer): Difference[] {
  if (old.isMixed || now.isMixed)
    return [valueDifference('undecided', `which values of type ${type} fit is written otherwise`)];
  return [
    ...valueDifferences(old, now),
    ...openness(type, old, now),
    ...unionDifferences(comparison, old.shapes, now.shapes),
    ...(old.values.size > 0 && now.values.size > 0
      ? conditionDifferences(comparison.classes, old.conditions, now.conditions)
      : listConditions(old, now)),
  ];
}

/** Listed values that are gone or new, those that a shape takes apart. */
function valueDifferences(old: Offer, now: Offer): Difference[] {
  const lost = missing(old, now);
  const gained = missing(now, old);
  const isList = old.shapes.length + now.shapes.length === 0;
  const [before, after] = [[...old.values.values()], [...now.values.values()]];
  const found: Difference[] = [];
  if (lost.surely.length > 0) {
    const message = `no longer takes ${valuesText(lost.surely)}`;
    found.push(valueDifference('narrowed', message, before, isList ? after : undefined));
  }
  if (gained.surely.length > 0) {
    const message = `also takes ${valuesText(gained.surely)}`;
    found.push(valueDifference('widened', message, isList ? before : undefined, after));
  }
  const open = [...lost.perhaps, ...gained.perhaps];
  if (open.length > 0)
    found.push(valueDifference('undecided', `whether ${valuesText(open)} fits cannot be told`));
  return found;
}

function missing(from: Offer, to: Offer): { surely: unknown[]; perhaps: unknown[] } {
  const result = { surely: [] as unknown[], perhaps: [] as unknown[] };
  for (const [text, value] of from.values) {
    if (to.values.has(text)) continue;
    const verdicts = to.shapes.map((shape) => accepts(shape, value));
    if (verdicts.includes('yes')) continue;
    if (verdicts.includes('undecided')) result.perhaps.push(value);
    // Where nothing but a shape is left of the one, the change from it to a list says so.
    else result.surely.push(value);
  }
  return result;
}

/** From any value of a type to a list of them, or back. */
function openness(type: ValueType, old: Offer, now: Offer): Difference[] {
  if (old.shapes.length > 0 && now.shapes.length === 0) {
    const values = [...now.values.values()];
    return [valueDifference('narrowed', `${article(type)} → one of ${valuesText(values)}`, type, values)];
  }
  if (old.shapes.length === 0 && now.shapes.length > 0) {
    const values = [...old.values.values()];
    return [valueDifference('widened', `one of ${valuesText(values)} → ${article(type)}`, values, type)];
  }
  return [];
}

/** Conditions on a list that faces a shape. */
function listConditions(old: Offer, now: Offer): Difference[] {
  if (old.conditions.length + now.conditions.length === 0) return [];
  return [valueDifference('undecided', 'which of the listed values fit cannot be told')];
}

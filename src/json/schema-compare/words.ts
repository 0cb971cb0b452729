import { type Alternative, type SchemaNode, typeOfValue, VALUE_TYPES, type ValueType } from './model.ts';

/** The types of the values that a node takes. */
export function valueTypes({ alternatives }: SchemaNode): ReadonlySet<ValueType> {
  return new Set(
    alternatives.flatMap((each) =>
      each.type === 'literals' ? [...each.values.values()].map(typeOfValue) : [each.type],
    ),
  );
}

/** `string or null`. */
export function typesText(node: SchemaNode): string {
  const types = valueTypes(node);
  if (types.size === 0) return 'nothing';
  if (types.size === VALUE_TYPES.length) return 'any type';
  const numbers = node.alternatives.filter(({ type }) => type === 'number');
  const isInteger = numbers.length > 0 && numbers.every((each) => each.type === 'number' && each.isInteger);
  const named = [...types].map((type) => (type === 'number' && isInteger ? 'integer' : type));
  // null last, as one says it.
  return named.sort((a, b) => Number(a === 'null') - Number(b === 'null')).join(' or ');
}

const MOST_VALUES = 8;
const LONGEST = 60;

/** `"a", "b" and 3 more`. */
export function valuesText(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_VALUES).map((value) => shorten(JSON.stringify(value)));
  const more = values.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** An alternative among others of its type, in a few words. */
export function alternativeText(alternative: Alternative): string {
  if (alternative.type === 'literals') return valuesText([...alternative.values.values()]);
  if (alternative.type !== 'object') return `${article(alternative.type)} of this kind`;
  const required = [...alternative.required];
  const keys = required.length > 0 ? required : [...alternative.properties.keys()];
  return keys.length === 0 ? 'such an object' : `an object with ${shorten(keys.join(', '))}`;
}

export function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

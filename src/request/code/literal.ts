import { Variable } from './variables.ts';

/** A value as a program writes it down. */
export type Literal = string | number | boolean | null | Variable | readonly Literal[] | LiteralObject;
export type LiteralObject = ReadonlyMap<string, Literal>;

/** How a language writes values. */
export interface Syntax {
  /** The columns of a line, as the language's formatter counts. */
  width: number;
  indent: string;
  /** Inside the braces of an object on one line. */
  padding: string;
  string(text: string): string;
  key(name: string): string;
  constant(value: number | boolean | null): string;
  variable(name: string): string;
}

/** Where a value begins. */
interface Place {
  /** The white space before the line. */
  margin: string;
  /** The columns before the value, with that white space. */
  before: number;
}

/** A value on one line where that fits, otherwise over lines, each level further in than the margin. */
export function layOut(value: Literal, syntax: Syntax, place: Place): string {
  if (typeof value === 'string') return syntax.string(value);
  if (value instanceof Variable) return syntax.variable(value.name);
  if (value === null || typeof value !== 'object') return syntax.constant(value);
  const margin = place.margin + syntax.indent;
  const entry = (prefix: string, each: Literal) =>
    prefix + layOut(each, syntax, { margin, before: margin.length + prefix.length });
  if (value instanceof Map) {
    const entries = [...value].map(([name, each]) => entry(`${syntax.key(name)}: `, each));
    return entries.length === 0 ? '{}' : group(entries, syntax, place, ['{', '}', syntax.padding]);
  }
  const list = value as readonly Literal[];
  const entries = list.map((each) => entry('', each));
  return hasRows(list)
    ? lines(entries, syntax, place, ['[', ']'])
    : group(entries, syntax, place, ['[', ']', '']);
}

/** A call, or without a name a tuple, as `layOut` does it; the arguments are code already. */
export function layOutCall(name: string, args: readonly string[], syntax: Syntax, place: Place): string {
  return group(args, syntax, place, [`${name}(`, ')', '']);
}

function group(
  entries: readonly string[],
  syntax: Syntax,
  place: Place,
  [open, close, padding]: readonly [open: string, close: string, padding: string],
): string {
  const line = `${open}${padding}${entries.join(', ')}${padding}${close}`;
  // With the comma or semicolon that follows.
  const fits = !line.includes('\n') && place.before + line.length + 1 <= syntax.width;
  return fits ? line : lines(entries, syntax, place, [open, close]);
}

function lines(
  entries: readonly string[],
  { indent }: Syntax,
  { margin }: Place,
  [open, close]: readonly [open: string, close: string],
): string {
  return `${open}\n${entries.map((each) => `${margin}${indent}${each},\n`).join('')}${margin}${close}`;
}

/** A list of lists or objects of some size: formatters give each a line of its own. */
function hasRows(list: readonly Literal[]): boolean {
  const isRow = (each: Literal) =>
    (Array.isArray(each) && each.length > 1) || (each instanceof Map && each.size > 1);
  return (
    list.length > 1 && list.every((each) => isRow(each) && Array.isArray(each) === Array.isArray(list[0]))
  );
}

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

/**
 * A value on one line where it fits behind `before` columns, otherwise over lines, each level further in than
 * `margin`, the white space before the line that it begins on.
 */
export function layOut(value: Literal, syntax: Syntax, margin: string, before: number): string {
  if (typeof value === 'string') return syntax.string(value);
  if (value instanceof Variable) return syntax.variable(value.name);
  if (value === null || typeof value !== 'object') return syntax.constant(value);
  const [open, close, entries] =
    value instanceof Map
      ? (['{', '}', [...value].map(([name, each]) => [`${syntax.key(name)}: `, each] as const)] as const)
      : (['[', ']', [...(value as readonly Literal[])].map((each) => ['', each] as const)] as const);
  return group(entries, syntax, margin, before, [open, close], open === '{' ? syntax.padding : '');
}

/** The arguments of a call, as `layOut` does it; they are code already. */
export function layOutCall(
  name: string,
  args: readonly string[],
  syntax: Syntax,
  margin: string,
  before: number,
): string {
  const line = `${name}(${args.join(', ')})`;
  if (fits(line, syntax, before)) return line;
  const inner = margin + syntax.indent;
  return `${name}(\n${args.map((arg) => `${inner}${arg},\n`).join('')}${margin})`;
}

function group(
  entries: readonly (readonly [prefix: string, value: Literal])[],
  syntax: Syntax,
  margin: string,
  before: number,
  [open, close]: readonly [string, string],
  padding: string,
): string {
  if (entries.length === 0) return `${open}${close}`;
  const inner = margin + syntax.indent;
  const lines = entries.map(
    ([prefix, value]) => prefix + layOut(value, syntax, inner, inner.length + prefix.length),
  );
  const line = `${open}${padding}${lines.join(', ')}${padding}${close}`;
  if (fits(line, syntax, before)) return line;
  return `${open}\n${lines.map((each) => `${inner}${each},\n`).join('')}${margin}${close}`;
}

/** With the comma or semicolon that follows. */
function fits(line: string, syntax: Syntax, before: number): boolean {
  return !line.includes('\n') && before + line.length + 1 <= syntax.width;
}

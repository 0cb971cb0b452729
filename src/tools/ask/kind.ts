import type { Path } from '../input/put.ts';
import { isSecretInput } from '../secret-input.ts';
import { type Shape, textOf } from '../shape.ts';

/** How a value is asked for. */
export type Kind =
  | { kind: 'listed'; values: readonly unknown[] }
  | { kind: 'boolean' }
  | { kind: 'text' | 'long' | 'secret' | 'list' | 'object' | 'json' }
  /** One has to be chosen before. */
  | { kind: 'union'; choices: readonly UnionChoice[] };

export interface UnionChoice {
  name: string;
  of: readonly Shape[];
}

const MOST_LINE = 200;

export function kindOf(path: Path, of: readonly Shape[]): Kind {
  if (of.length > 0 && of.every(({ values }) => values !== undefined)) {
    return { kind: 'listed', values: [...new Set(of.flatMap(({ values }) => values ?? []))] };
  }
  const choices = choicesOf(of);
  if (choices.length > 1) return { kind: 'union', choices };
  const types = typesOf(of);
  if (types.includes('object')) return { kind: hasFields(of) ? 'object' : 'json' };
  if (types.includes('array')) return { kind: 'list' };
  if (types.length === 1 && types[0] === 'boolean') return { kind: 'boolean' };
  if (types.length > 0 && !types.includes('string')) return { kind: 'text' };
  const name = path.findLast((head) => typeof head === 'string') ?? '';
  if (isSecretInput(name, of)) return { kind: 'secret' };
  return { kind: isLong(path, of) ? 'long' : 'text' };
}

/** All types that the shapes have; objects too where they only have properties. */
export function typesOf(of: readonly Shape[]): string[] {
  return [...new Set(of.flatMap((shape) => shape.types ?? (hasFields([shape]) ? ['object'] : [])))];
}

/** Objects by themselves, lists by themselves, all that is typed on a line as one. */
function choicesOf(of: readonly Shape[]): UnionChoice[] {
  const choices: UnionChoice[] = [];
  const line: Shape[] = [];
  for (const shape of of) {
    const types = typesOf([shape]);
    for (const type of types.filter((each) => each === 'object' || each === 'array')) {
      const one = { ...shape, types: [type] };
      choices.push({ name: nameOf(one, of), of: [one] });
    }
    const simple = types.filter((each) => each !== 'object' && each !== 'array');
    if (simple.length > 0 || types.length === 0) {
      line.push({ ...shape, types: simple.length > 0 ? simple : undefined });
    }
  }
  if (choices.length > 0 && line.length > 0) {
    choices.unshift({ name: typesOf(line).join(' or ') || 'text', of: line });
  }
  return choices;
}

/** A title or a constant that only this one has, else its type. */
function nameOf(shape: Shape, all: readonly Shape[]): string {
  const shared = (part: unknown) => all.every(({ parts }) => parts.some((each) => each === part));
  const own = all.length === 1 ? shape.parts : shape.parts.filter((part) => !shared(part));
  const title = textOf([{ ...shape, parts: own }], 'title');
  const constants = own.flatMap(({ properties }) =>
    Object.entries(properties ?? {}).flatMap(([name, schema]) => {
      const only: unknown = Object(schema)['const'];
      return only === undefined ? [] : [`${name}: ${typeof only === 'string' ? only : JSON.stringify(only)}`];
    }),
  );
  return title ?? (constants.join(', ') || (shape.types?.includes('array') ? 'list' : 'object'));
}

function hasFields(of: readonly Shape[]): boolean {
  return of.some(({ parts }) =>
    parts.some(
      ({ properties, required }) => Object.keys(properties ?? {}).length > 0 || Array.isArray(required),
    ),
  );
}

function isLong(path: Path, of: readonly Shape[]): boolean {
  const most = Math.max(...of.flatMap(({ parts }) => parts.map(({ maxLength }) => Number(maxLength ?? 0))));
  const mediaType = textOf(of, 'contentMediaType') ?? '';
  return (
    most > MOST_LINE ||
    /^(text|multiline|textarea|markdown|html)$/i.test(textOf(of, 'format') ?? '') ||
    mediaType.startsWith('text/') ||
    /^(body|content|html|markdown|prompt|instructions)$|[a-z](Body|Markdown|Html)$|_(body|markdown|html)$/.test(
      String(path.at(-1)),
    )
  );
}

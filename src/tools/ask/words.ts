import type { Path } from '../input/put.ts';
import { keywordOf, type Shape, textOf } from '../shape.ts';
import { typesOf } from './kind.ts';

const MOST_DESCRIPTION = 160;

/** `address.city (Where it is) `, without what kind of value it is. */
export function questionOf(path: Path, of: readonly Shape[]): string {
  const description = (textOf(of, 'description') ?? '').replace(/\s+/g, ' ').trim();
  const short =
    description.length > MOST_DESCRIPTION ? `${description.slice(0, MOST_DESCRIPTION)}…` : description;
  return `${labelOf(path)}${short === '' ? '' : ` (${short})`}`;
}

function labelOf(path: Path): string {
  return path.join('.');
}

/** ` [integer, 1 to 10, such as 3]`; nothing where all is open. */
export function expectationOf(of: readonly Shape[]): string {
  const number = (keyword: string) => keywordOf(of, keyword, (value) => typeof value === 'number');
  const [least, most] = [number('minimum'), number('maximum')];
  const range =
    least !== undefined && most !== undefined
      ? [`${Number(least)} to ${Number(most)}`]
      : [
          ...(least === undefined ? [] : [`at least ${Number(least)}`]),
          ...(most === undefined ? [] : [`at most ${Number(most)}`]),
        ];
  const words = [
    ...[typesOf(of).join(' or ')].filter((types) => types !== ''),
    ...[textOf(of, 'format')].filter((format) => format !== undefined),
    ...range,
    ...exampleOf(of).map((example) => `such as ${example}`),
  ];
  return words.length === 0 ? '' : ` [${words.join(', ')}]`;
}

function exampleOf(of: readonly Shape[]): string[] {
  const examples = keywordOf(of, 'examples', (value) => Array.isArray(value) && value.length > 0);
  const example: unknown = Array.isArray(examples) ? examples[0] : keywordOf(of, 'example');
  if (example === undefined) return [];
  const text = asTyped(example);
  return text.length > 60 ? [] : [text];
}

/** A value as one types it. */
export function asTyped(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

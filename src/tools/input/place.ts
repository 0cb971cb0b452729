import type { Shape, Shapes } from '../shape.ts';

/** Where in the input a key leads, and what may be there. */
export interface Place {
  path: (string | number)[];
  shapes: readonly Shape[];
}

const OPEN: readonly Shape[] = [{ parts: [], types: undefined, values: undefined }];

/**
 * `a.b` is the property `b` of `a`, and `a.0` the first element of a list, unless a property is named so. Beyond the
 * names that the schema has, a dot leads inside only where something can be inside.
 */
export function placeOf(shapes: Shapes, key: string): Place {
  const path: (string | number)[] = [];
  let of = shapes.root;
  let rest = key;
  for (;;) {
    const step = stepOf(shapes, of, rest);
    path.push(step.head);
    of = step.shapes;
    if (step.rest === undefined) return { path, shapes: of };
    rest = step.rest;
  }
}

interface Step {
  head: string | number;
  shapes: readonly Shape[];
  /** What of the key is left. */
  rest?: string;
}

function stepOf(shapes: Shapes, of: readonly Shape[], key: string): Step {
  const named = prefixesOf(key).find(({ head }) => shapes.property(of, head)?.isNamed === true);
  if (named !== undefined) return { ...named, shapes: shapes.property(of, named.head)?.shapes ?? OPEN };
  const whole: Step = { head: key, shapes: shapes.property(of, key)?.shapes ?? OPEN };
  const first = prefixesOf(key).at(-1);
  const index = elementStep(shapes, of, first ?? { head: key });
  if (index !== undefined) return index;
  if (first?.rest === undefined) return whole;
  const inside = shapes.property(of, first.head)?.shapes ?? OPEN;
  return inside.some(canHold) ? { ...first, shapes: inside } : whole;
}

function elementStep(
  shapes: Shapes,
  of: readonly Shape[],
  { head, rest }: { head: string; rest?: string },
): Step | undefined {
  const isList = of.some(({ types }) => types?.includes('array'));
  if (!isList || !/^(0|[1-9]\d{0,5})$/.test(head)) return undefined;
  const index = Number(head);
  return { head: index, shapes: shapes.element(of, index), ...(rest === undefined ? {} : { rest }) };
}

/** The key itself, then what is before its dots, from the last one; nothing is empty. */
function prefixesOf(key: string): { head: string; rest?: string }[] {
  const prefixes: { head: string; rest?: string }[] = [{ head: key }];
  for (let at = key.lastIndexOf('.', key.length - 2); at > 0; at = key.lastIndexOf('.', at - 1)) {
    prefixes.push({ head: key.slice(0, at), rest: key.slice(at + 1) });
  }
  return prefixes;
}

function canHold({ types }: Shape): boolean {
  return types === undefined || types.includes('object') || types.includes('array');
}

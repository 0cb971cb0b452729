import type { App } from '../../app.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { pointerTo } from '../../json/pointer.ts';
import { compileSchema, type Validate } from '../../json/schema.ts';
import { type Path, put } from '../input/put.ts';
import { type Shape, type Shapes, shapesOf } from '../shape.ts';
import { UNKNOWN_INPUT } from '../validate.ts';

export type AskValue = (form: Form, path: Path, of: readonly Shape[], isRequired: boolean) => Promise<void>;

/** The input while it is being asked for. */
export interface Form {
  app: App;
  shapes: Shapes;
  /** Whether what may be left out is asked for. */
  isWhole: boolean;
  input(): JsonObject;
  /** What is at a place; undefined where nothing is. */
  at(path: Path): unknown;
  set(path: Path, value: unknown): void;
  /** Takes a property away again. */
  unset(path: Path): void;
  /** What the schema has against a value at a place, in a word; true where it has nothing. */
  check(path: Path, value: unknown): Promise<string | true>;
  /** Asks for the value at a place. */
  ask: AskValue;
}

export function createForm(
  { app, isWhole, ask }: Pick<Form, 'app' | 'isWhole' | 'ask'>,
  schema: JsonObject,
  given: JsonObject,
): Form {
  let input = given;
  let compiled: Promise<Validate | undefined> | undefined;
  // Of a broken schema is told when all of the input is checked.
  const validator = () =>
    (compiled ??= compileSchema(schema, { unknownProperty: UNKNOWN_INPUT }).catch(() => undefined));
  return {
    app,
    shapes: shapesOf(schema),
    isWhole,
    ask,
    input: () => input,
    at: (path) => valueAt(input, path),
    set: (path, value) => {
      input = put(input, path, value) as JsonObject;
    },
    unset: (path) => {
      const parent = valueAt(input, path.slice(0, -1));
      const name = path.at(-1);
      if (!isJsonObject(parent)) return;
      const rest = Object.entries(parent).filter(([key]) => key !== name);
      input = put(input, path.slice(0, -1), Object.fromEntries(rest)) as JsonObject;
    },
    check: async (path, value) => {
      const validate = await validator();
      const pointer = pointerTo(...path);
      const found = validate?.(put(input, path, value)).find((each) =>
        `${each.path}/`.startsWith(`${pointer}/`),
      );
      if (found === undefined) return true;
      const inside = found.path.slice(pointer.length + 1);
      return inside === '' ? found.message : `${inside} ${found.message}`;
    },
  };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inside, head) => {
    if (Array.isArray(inside)) return inside[Number(head)];
    return isJsonObject(inside) && Object.hasOwn(inside, head) ? inside[head] : undefined;
  }, value);
}

import { isJsonObject, type JsonObject } from '../json/object.ts';
import { isSecretName, MASK } from '../redact.ts';
import { type Shape, type Shapes, shapesOf, textOf } from './shape.ts';

/** Whether what goes there is taken for a secret: the schema says so, or its name does. */
export function isSecretInput(name: string, of: readonly Shape[]): boolean {
  if (textOf(of, 'format') === 'password') return true;
  if (of.some(({ parts }) => parts.some(({ writeOnly }) => writeOnly === true))) return true;
  // Where a list goes on is no secret, whatever it is called.
  return isSecretName(name) && !/(page|next|continuation|sync)[-_]?token$|type$/i.test(name);
}

/** An input as it may be shown. */
export function maskInput(schema: JsonObject | null, input: JsonObject): JsonObject {
  const shapes = shapesOf(schema);
  return masked(shapes, shapes.root, '', input) as JsonObject;
}

function masked(shapes: Shapes, of: readonly Shape[], name: string, value: unknown): unknown {
  if (typeof value === 'string') return isSecretInput(name, of) ? MASK : value;
  if (Array.isArray(value)) {
    return value.map((each, index) => masked(shapes, shapes.element(of, index), name, each));
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    masked(shapes, shapes.property(of, key)?.shapes ?? [], key, each),
  ]);
  return Object.fromEntries(entries);
}

import { isJsonObject, type JsonObject } from '../../json/object.ts';
import type { Path } from '../input/put.ts';
import type { Shape } from '../shape.ts';
import type { Form } from './form.ts';

/** Objects may be within themselves without end: deeper, one is asked for JSON. */
export const DEEPEST = 6;

/** Asks for the fields of the object at a place: those that are required and missing, with `isWhole` the others too. */
export async function askFields(
  form: Form,
  path: Path,
  of: readonly Shape[],
  isWhole: boolean,
): Promise<void> {
  const passed = new Set<string>();
  for (;;) {
    const value = objectAt(form, path);
    const required = requiredOf(of, value);
    const next = [...new Set([...form.shapes.names(of), ...required])].find((name) => !passed.has(name));
    if (next === undefined) return;
    passed.add(next);
    if (!isWhole && !required.includes(next) && !isJsonObject(value[next])) continue;
    await askField(
      form,
      [...path, next],
      form.shapes.property(of, next)?.shapes ?? [],
      required.includes(next),
    );
    // What was given may ask for more.
    for (const name of requiredOf(of, objectAt(form, path))) {
      if (!required.includes(name) && form.at([...path, name]) === undefined) passed.delete(name);
    }
  }
}

async function askField(form: Form, path: Path, of: readonly Shape[], isRequired: boolean): Promise<void> {
  const value = form.at(path);
  if (isJsonObject(value)) {
    if (path.length <= DEEPEST) await askFields(form, path, of, form.isWhole);
  } else if (value === undefined) {
    await form.ask(form, path, of, isRequired);
  }
}

function objectAt(form: Form, path: Path): JsonObject {
  const value = form.at(path);
  return isJsonObject(value) ? value : {};
}

/** Whether an object needs any of its fields. */
export function needsFields(of: readonly Shape[]): boolean {
  return requiredOf(of, {}).length > 0;
}

/** What is required whatever form the object takes, and what the fields that are there ask for. */
function requiredOf(of: readonly Shape[], value: JsonObject): string[] {
  const [first = [], ...others] = of
    .filter((shape) => isPossible(shape, value))
    .map(({ parts }) => parts.flatMap((part) => [...texts(part['required']), ...dependent(part, value)]));
  return [...new Set(first)].filter((name) => others.every((names) => names.includes(name)));
}

/** Whether the values that are there may be, in this form: `kind` often tells forms apart. */
function isPossible({ parts }: Shape, value: JsonObject): boolean {
  return parts.every(({ properties }) => {
    if (!isJsonObject(properties)) return true;
    return Object.entries(properties).every(([name, schema]) => {
      if (!isJsonObject(schema) || !Object.hasOwn(value, name)) return true;
      if (Object.hasOwn(schema, 'const')) return schema['const'] === value[name];
      return !Array.isArray(schema['enum']) || schema['enum'].includes(value[name]);
    });
  });
}

function dependent({ dependentRequired, dependencies }: JsonObject, value: JsonObject): string[] {
  return [dependentRequired, dependencies].flatMap((needs) =>
    isJsonObject(needs)
      ? Object.entries(needs).flatMap(([name, names]) => (Object.hasOwn(value, name) ? texts(names) : []))
      : [],
  );
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { isJsonObject } from '../../src/json/object.ts';
import { askFields } from '../../src/tools/ask/fields.ts';
import { createForm, type Form } from '../../src/tools/ask/form.ts';
import { kindOf, typesOf } from '../../src/tools/ask/kind.ts';
import { isLine, readLine } from '../../src/tools/ask/line.ts';
import { asTyped, questionOf } from '../../src/tools/ask/words.ts';
import type { Path } from '../../src/tools/input/put.ts';
import type { Shape } from '../../src/tools/shape.ts';
import { corpus } from './support/corpus.ts';
import { samplesOf } from './support/samples.ts';

const tools = await corpus();

it.each(tools)('asked for field by field: $title', async ({ inputSchema }) => {
  for (const sample of samplesOf(inputSchema, 3)) {
    const asked: string[] = [];
    const ask = async (form: Form, path: Path, of: readonly Shape[]) => {
      asked.push(path.join('.'));
      expect(questionOf(path, of)).not.toBe('');
      const value = valueAt(sample, path);
      if (value === undefined) return;
      const { kind } = kindOf(path, of);
      expect(kindsFor(value, typesOf(of)), path.join('.')).toContain(kind);
      if (kind === 'object') {
        form.set(path, {});
        await askFields(form, path, of, true);
        return;
      }
      form.set(path, answered(form, path, of, value));
      expect(await form.check(path, value), path.join('.')).toBe(true);
    };
    const form = createForm({ app: {} as App, isWhole: true, ask }, inputSchema, {});
    await askFields(form, [], form.shapes.root, true);
    expect(form.input()).toEqual(sample);
    expect(asked).toEqual(expect.arrayContaining((inputSchema['required'] ?? []) as string[]));
  }
});

/** In which ways a value may be asked for. */
function kindsFor(value: unknown, types: readonly string[]): string[] {
  if (Array.isArray(value)) return ['list', 'union'];
  if (isJsonObject(value)) return ['object', 'json', 'union'];
  // On a line only where it may be something else as well.
  const isOnLine = typeof value !== 'boolean' || types.length > 1;
  return ['listed', 'union', ...(isOnLine ? ['text', 'long', 'secret'] : ['boolean'])];
}

/** What comes of answering with this value, in the way that is asked. */
function answered(form: Form, path: Path, of: readonly Shape[], value: unknown): unknown {
  const kind = kindOf(path, of);
  if (isLine(kind.kind)) return readLine(path, of, kind.kind, asTyped(value));
  switch (kind.kind) {
    case 'listed':
      return kind.values.find((each) => isDeepStrictEqual(each, value));
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'list':
      return (value as unknown[]).map((each, index) => {
        const own = [...path, index];
        return answered(form, own, form.shapes.element(of, index), each);
      });
    case 'union': {
      const choice = kind.choices.find((each) => each.of.some((shape) => isTypeOf(shape, value)));
      return choice === undefined ? undefined : answered(form, path, choice.of, value);
    }
    default:
      return isJsonObject(value) ? value : undefined;
  }
}

function isTypeOf({ types }: Shape, value: unknown): boolean {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return types?.includes(type) === true || (Number.isInteger(value) && types?.includes('integer') === true);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inside, head) => (inside as Record<string | number, unknown> | undefined)?.[head],
    value,
  );
}

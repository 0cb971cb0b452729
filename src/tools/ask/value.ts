import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../errors.ts';
import {
  askLongText,
  askSecret,
  askText,
  type Choice,
  choose,
  confirm,
  hasEditor,
} from '../../terminal/ask.ts';
import type { Path } from '../input/put.ts';
import { keywordOf, type Shape } from '../shape.ts';
import { askFields, DEEPEST, needsFields } from './fields.ts';
import type { Form } from './form.ts';
import { kindOf, type UnionChoice } from './kind.ts';
import { type LineKind, readLine } from './line.ts';
import { askList } from './list.ts';
import { asTyped, expectationOf, questionOf } from './words.ts';

const LEFT_OUT = Symbol('left out');

/** Asks for the value at a place, in the way that suits it, and puts it there. What is not required may be left out. */
export async function askValue(
  form: Form,
  path: Path,
  of: readonly Shape[],
  isRequired: boolean,
): Promise<void> {
  const kind = kindOf(path, of);
  // What can only be one thing is no question.
  if (kind.kind === 'listed' && kind.values.length === 1 && isRequired) {
    form.set(path, kind.values[0]);
    return;
  }
  switch (kind.kind) {
    case 'listed':
      return askListed(form, path, of, kind.values, isRequired);
    case 'boolean':
      return askBoolean(form, path, of, isRequired);
    case 'union':
      return askUnion(form, path, of, kind.choices, isRequired);
    case 'list':
      return askList(form, path, of, isRequired);
    case 'object':
      return askObject(form, path, of, isRequired);
    default:
      return askLine(form, path, of, kind.kind, isRequired);
  }
}

async function askChoice<Value>(
  form: Form,
  question: string,
  choices: readonly Choice<Value>[],
  initial: Value | undefined,
  isRequired: boolean,
): Promise<Value | typeof LEFT_OUT> {
  const out: Choice<Value | typeof LEFT_OUT>[] = isRequired
    ? []
    : [{ name: '(leave it out)', value: LEFT_OUT }];
  return choose<Value | typeof LEFT_OUT>(form.app, question, [...out, ...choices], initial);
}

async function askListed(
  form: Form,
  path: Path,
  of: readonly Shape[],
  values: readonly unknown[],
  isRequired: boolean,
): Promise<void> {
  const choices = values.map((value) => ({ name: listedName(of, value), value }));
  const initial = values.find((value) => isDeepStrictEqual(value, keywordOf(of, 'default')));
  const chosen = await askChoice(form, questionOf(path, of), choices, initial, isRequired);
  if (chosen !== LEFT_OUT) form.set(path, chosen);
}

/** With its title, where each of the values has one. */
function listedName(of: readonly Shape[], value: unknown): string {
  const own = of.find(({ values }) => values?.length === 1 && isDeepStrictEqual(values[0], value));
  const title =
    own === undefined ? undefined : own.parts.findLast((part) => Object.hasOwn(part, 'const'))?.['title'];
  return typeof title === 'string' && title !== value ? `${asTyped(value)} (${title})` : asTyped(value);
}

async function askBoolean(form: Form, path: Path, of: readonly Shape[], isRequired: boolean): Promise<void> {
  const initial = keywordOf(of, 'default', (value) => typeof value === 'boolean');
  const question = questionOf(path, of);
  if (isRequired) {
    form.set(path, await confirm(form.app, question, initial !== false));
    return;
  }
  const choices = [true, false].map((value) => ({ name: value ? 'yes' : 'no', value }));
  const chosen = await askChoice(
    form,
    question,
    choices,
    initial === undefined ? undefined : initial === true,
    false,
  );
  if (chosen !== LEFT_OUT) form.set(path, chosen);
}

async function askUnion(
  form: Form,
  path: Path,
  of: readonly Shape[],
  choices: readonly UnionChoice[],
  isRequired: boolean,
): Promise<void> {
  const named = choices.map(({ name, of: value }) => ({ name, value }));
  const chosen = await askChoice(form, questionOf(path, of), named, undefined, isRequired);
  if (chosen !== LEFT_OUT) await form.ask(form, path, chosen, true);
}

async function askObject(form: Form, path: Path, of: readonly Shape[], isRequired: boolean): Promise<void> {
  if (!isRequired && !(await confirm(form.app, `Fill in ${questionOf(path, of)}?`, false))) return;
  // What is deeper than anybody fills in by fields.
  if (path.length > DEEPEST) return askLine(form, path, of, 'json', true);
  form.set(path, {});
  await askFields(form, path, of, form.isWhole || !needsFields(of));
}

async function askLine(
  form: Form,
  path: Path,
  of: readonly Shape[],
  kind: LineKind,
  isRequired: boolean,
): Promise<void> {
  const { app } = form;
  const preset = keywordOf(of, 'default');
  const validate = async (text: string): Promise<string | true> => {
    if (text === '') return isRequired ? 'A value is needed here.' : true;
    return checkLine(form, path, of, kind, text);
  };
  const isLong = kind === 'long' && hasEditor(app.io);
  const out = isRequired ? '' : ' (empty leaves it out)';
  const question = `${questionOf(path, of)}${kind === 'json' ? ' [JSON]' : expectationOf(of)}${isLong ? '' : out}`;
  const options = { validate, ...(preset === undefined ? {} : { initial: asTyped(preset) }) };
  const ask = kind === 'secret' ? askSecret : isLong ? askLongText : askText;
  const text = await ask(app, question, options);
  if (text === '') return;
  if (kind === 'secret') app.redactor.add(text);
  form.set(path, readLine(path, of, kind, text));
}

async function checkLine(
  form: Form,
  path: Path,
  of: readonly Shape[],
  kind: LineKind,
  text: string,
): Promise<string | true> {
  try {
    return await form.check(path, readLine(path, of, kind, text));
  } catch (error) {
    return messageOf(error);
  }
}

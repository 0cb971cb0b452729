import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../errors.ts';
import { askText, chooseSeveral, confirm } from '../../terminal/ask.ts';
import type { Path } from '../input/put.ts';
import { keywordOf, type Shape } from '../shape.ts';
import type { Form } from './form.ts';
import { kindOf } from './kind.ts';
import { isLine, type LineKind, readLine } from './line.ts';
import { asTyped, expectationOf, questionOf } from './words.ts';

/** Asks for a list: by ticking where its elements are listed, otherwise one by one until nothing is typed. */
export async function askList(
  form: Form,
  path: Path,
  of: readonly Shape[],
  isRequired: boolean,
): Promise<void> {
  const first = kindOf([...path, 0], form.shapes.element(of, 0));
  if (first.kind === 'listed') return askTicks(form, path, of, first.values, isRequired);
  form.set(path, []);
  for (let index = 0; index < limitOf(of, 'maxItems', Number.POSITIVE_INFINITY); index++) {
    const element = form.shapes.element(of, index);
    const kind = kindOf([...path, index], element).kind;
    const least = index === 0 && !isRequired ? 0 : limitOf(of, 'minItems', 0);
    const goesOn = await (isLine(kind)
      ? askLine(form, path, of, { index, kind, least })
      : askElement(form, path, of, { index, least }));
    if (!goesOn) break;
  }
  const preset = keywordOf(of, 'default', Array.isArray);
  const list = form.at(path);
  if (!Array.isArray(list) || list.length > 0) return;
  if (preset !== undefined) form.set(path, preset);
  else if (!isRequired) form.unset(path);
}

async function askTicks(
  form: Form,
  path: Path,
  of: readonly Shape[],
  values: readonly unknown[],
  isRequired: boolean,
): Promise<void> {
  const preset = keywordOf(of, 'default', Array.isArray);
  const ticked: unknown[] = Array.isArray(preset) ? preset : [];
  const choices = values.map((value) => ({
    name: asTyped(value),
    value,
    isTicked: ticked.some((each) => isDeepStrictEqual(each, value)),
  }));
  const chosen = await chooseSeveral<unknown>(form.app, questionOf(path, of), choices, async (list) =>
    list.length === 0 && !isRequired ? true : form.check(path, [...list]),
  );
  if (chosen.length > 0 || isRequired) form.set(path, chosen);
}

/** One element on a line; false where nothing was typed. */
async function askLine(
  form: Form,
  path: Path,
  of: readonly Shape[],
  { index, kind, least }: { index: number; kind: LineKind; least: number },
): Promise<boolean> {
  const own = [...path, index];
  const element = form.shapes.element(of, index);
  const validate = async (text: string): Promise<string | true> => {
    if (text === '') return index >= least ? true : `${least} ${least === 1 ? 'is' : 'are'} needed.`;
    try {
      const value = readLine(own, element, kind, text);
      const isTwice = keywordOf(of, 'uniqueItems') === true && has(form.at(path), value);
      return isTwice ? 'It is in the list already.' : await form.check(own, value);
    } catch (error) {
      return messageOf(error);
    }
  };
  const about = index === 0 ? questionOf(path, of) : questionOf(path, []);
  const question = `${about}, ${index + 1}${expectationOf(element)} (empty ends the list)`;
  const text = await askText(form.app, question, { validate });
  if (text === '') return false;
  form.set(own, readLine(own, element, kind, text));
  return true;
}

/** An element of several parts; false where no more are wanted. */
async function askElement(
  form: Form,
  path: Path,
  of: readonly Shape[],
  { index, least }: { index: number; least: number },
): Promise<boolean> {
  const question = `Add ${index === 0 ? 'an element' : 'another'} to ${questionOf(path, index === 0 ? of : [])}?`;
  if (index >= least && !(await confirm(form.app, question, index === 0))) return false;
  await form.ask(form, [...path, index], form.shapes.element(of, index), true);
  return true;
}

function limitOf(of: readonly Shape[], keyword: string, otherwise: number): number {
  const limit = keywordOf(of, keyword, (value) => typeof value === 'number');
  return typeof limit === 'number' ? limit : otherwise;
}

function has(list: unknown, value: unknown): boolean {
  return Array.isArray(list) && list.some((each) => isDeepStrictEqual(each, value));
}

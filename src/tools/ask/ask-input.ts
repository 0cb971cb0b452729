import type { App } from '../../app.ts';
import type { JsonObject } from '../../json/object.ts';
import { maskInput } from '../secret-input.ts';
import type { ListedTool } from '../toolbox.ts';
import { askFields } from './fields.ts';
import { type AskValue, createForm } from './form.ts';
import { askValue } from './value.ts';

export interface AskOptions {
  /** Ask for what may be left out too. */
  allFields?: boolean;
}

/** Asks on the terminal for the inputs that are required and missing, inside of those that are given too. */
export async function askInput(
  app: App,
  { name, inputSchema }: Pick<ListedTool, 'name' | 'inputSchema'>,
  input: JsonObject,
  { allFields = false }: AskOptions,
): Promise<JsonObject> {
  if (inputSchema === null) return input;
  let questions = 0;
  const ask: AskValue = (...question) => {
    questions += 1;
    return askValue(...question);
  };
  const form = createForm({ app, isWhole: allFields, ask }, inputSchema, input);
  await askFields(form, [], form.shapes.root, allFields);
  const complete = form.input();
  if (questions > 0) tellInput(app, name, maskInput(inputSchema, complete));
  return complete;
}

/** What is sent, once it was put together from answers. */
function tellInput({ terminal, redactor }: App, name: string, input: JsonObject): void {
  terminal.notice(`${name} ${redactor.apply(JSON.stringify(input))}`, terminal.errStyle.dim);
}

import type { App } from '../../app.ts';
import { messageOf } from '../../errors.ts';
import { checkJq, jqOutputs } from '../../json/jq.ts';
import { askText, chooseSeveral } from '../../terminal/ask.ts';
import { visibleLine } from '../../terminal/visible.ts';
import type { ChosenInput } from './build-contract.ts';
import { asInput, inputNameProblem } from './choose-inputs.ts';
import type { NewOptions } from './options.ts';
import type { Part } from './request-parts.ts';

/** Asks which parts are inputs, what they are called and what they are; what a flag says is not asked. */
export async function askInputs(
  app: App,
  parts: readonly Part[],
  proposed: readonly ChosenInput[],
  options: NewOptions,
): Promise<ChosenInput[]> {
  const chosen = options.inputs === undefined ? await askParts(app, parts, proposed) : [...proposed];
  const named: ChosenInput[] = [];
  for (const input of chosen) named.push(await askAboutInput(app, input, named, options));
  return options.optional === undefined ? askOptional(app, named) : named;
}

async function askParts(
  app: App,
  parts: readonly Part[],
  proposed: readonly ChosenInput[],
): Promise<ChosenInput[]> {
  if (parts.length === 0) return [];
  const chosen = await chooseSeveral(
    app,
    'Which of these does the model give? The others stay as they are',
    parts.map((part) => ({
      name: `${part.label} = ${shown(part.value)}`,
      value: part,
      isTicked: proposed.some((input) => input.part === part),
    })),
    async () => true,
  );
  return chosen.map((part) => proposed.find((input) => input.part === part) ?? asInput(part));
}

async function askAboutInput(
  app: App,
  input: ChosenInput,
  others: readonly ChosenInput[],
  options: NewOptions,
): Promise<ChosenInput> {
  const { part } = input;
  const isTaken = (name: string) => others.some((other) => other.name === name);
  const name =
    options.inputs === undefined
      ? await askText(app, `${part.label}: what is the input called?`, {
          initial: input.name,
          validate: async (answer) =>
            inputNameProblem(answer) ?? (isTaken(answer) ? 'is the name of another input' : true),
        })
      : input.name;
  if (input.description !== undefined) return { ...input, name };
  const description = (
    await askText(app, `${name}: what is it, for the model? (such as ${shown(part.value)})`)
  ).trim();
  return { ...input, name, ...(description === '' ? {} : { description }) };
}

async function askOptional(app: App, inputs: readonly ChosenInput[]): Promise<ChosenInput[]> {
  const open = inputs.filter(({ part }) => part.where.in !== 'path');
  if (open.length === 0) return [...inputs];
  const optional = await chooseSeveral(
    app,
    'Which may be left out?',
    open.map((input) => ({ name: input.name, value: input, isTicked: !input.isRequired })),
    async () => true,
  );
  return inputs.map((input) => ({
    ...input,
    isRequired: input.part.where.in === 'path' || !optional.includes(input),
  }));
}

export async function askDescription(app: App): Promise<string> {
  const description = await askText(app, 'What does the tool do, and when is it used?', {
    validate: async (answer) => (answer.trim() === '' ? 'A model chooses the tool by it' : true),
  });
  return description.trim();
}

/** Shows what the expression makes of the answer; any other is held against that too. */
export async function askOutput(app: App, proposed: string, answer: string): Promise<string> {
  const given = async (expression: string) => (await jqOutputs(expression, answer, 'output')).join('\n');
  app.terminal.notice(
    `Of the answer the model would get:\n${await given(proposed)}`,
    app.terminal.errStyle.dim,
  );
  return askText(app, 'What does the tool return, as jq?', {
    initial: proposed,
    validate: async (expression) => {
      try {
        await checkJq(expression, 'output');
        const outputs = await jqOutputs(expression, answer, 'output');
        return outputs.length === 1 ? true : `It gives ${outputs.length} values: put them into [ ]`;
      } catch (error) {
        return visibleLine(messageOf(error));
      }
    },
  });
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return visibleLine(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

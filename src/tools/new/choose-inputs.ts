import { usageError } from '../../errors.ts';
import { didYouMean } from '../../suggest.ts';
import type { ChosenInput } from './build-contract.ts';
import type { NewOptions } from './options.ts';
import { isOptionalName } from './propose-schema.ts';
import type { Part } from './request-parts.ts';

/**
 * The inputs as the flags say, or where they do not as they are proposed. Throws a usage error for a name that no part
 * of the call has.
 */
export function chooseInputs(parts: readonly Part[], options: NewOptions): ChosenInput[] {
  const descriptions = describedNames(options.describe ?? []);
  const chosen = options.inputs === undefined ? likelyInputs(parts) : namedInputs(parts, options.inputs);
  const optional = listed(options.optional).map((name) => requireInput(chosen, name, '--optional'));
  const described = [...descriptions].map(
    ([name, text]) => [requireInput(chosen, name, '--describe'), text] as const,
  );
  return chosen.map((input) => {
    const text = described.find(([each]) => each === input)?.[1];
    if (optional.includes(input) && input.part.where.in === 'path') {
      throw usageError(
        `${input.name} cannot be left out: it is part of the path`,
        'Take it out of --optional.',
      );
    }
    return {
      ...input,
      isRequired: input.isRequired && !optional.includes(input),
      ...(text === undefined ? {} : { description: text }),
    };
  });
}

export function asInput(part: Part, name = part.inputName): ChosenInput {
  return { part, name, isRequired: part.where.in === 'path' || !isOptionalName(name) };
}

function likelyInputs(parts: readonly Part[]): ChosenInput[] {
  return parts.filter(({ isLikely }) => isLikely).map((part) => asInput(part));
}

function namedInputs(parts: readonly Part[], text: string): ChosenInput[] {
  const inputs = listed(text).map((word) => {
    const at = word.indexOf('=');
    const wanted = at < 0 ? word : word.slice(at + 1);
    const part = parts.find(({ inputName, label }) => inputName === wanted || label === wanted);
    if (part === undefined) {
      const names = parts.map(({ inputName }) => inputName);
      const otherwise =
        names.length === 0 ? 'The call has nothing to fill in.' : `The call has ${names.join(', ')}.`;
      throw usageError(
        `--inputs: no part of the call is called ${JSON.stringify(wanted)}`,
        didYouMean(wanted, names, otherwise),
        {
          code: 'unknown_input',
        },
      );
    }
    return asInput(part, at < 0 ? part.inputName : checkedName(word.slice(0, at)));
  });
  const names = inputs.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw usageError(`--inputs: ${twice} is given twice`, 'Write --inputs name=part for another name.');
  return inputs;
}

function checkedName(name: string): string {
  const problem = inputNameProblem(name);
  if (problem === undefined) return name;
  throw usageError(`--inputs: ${JSON.stringify(name)} ${problem}`, 'Write --inputs name=part.');
}

/** Why this is no name for an input. */
export function inputNameProblem(name: string): string | undefined {
  if (name === 'identifier') return 'is what the caller says, and never an input of the model';
  return /^[A-Za-z_][\w-]*$/.test(name) ? undefined : 'is no name: letters, digits, _ and -';
}

function requireInput(chosen: readonly ChosenInput[], name: string, flag: string): ChosenInput {
  const found = chosen.find((input) => input.name === name || input.part.label === name);
  if (found !== undefined) return found;
  const names = chosen.map((input) => input.name);
  throw usageError(
    `${flag}: ${JSON.stringify(name)} is no input of the tool`,
    didYouMean(name, names, names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`),
    { code: 'unknown_input' },
  );
}

function describedNames(pairs: readonly string[]): Map<string, string> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1)
        throw usageError(`--describe ${JSON.stringify(pair)} is no name=text`, 'Write --describe name=text.');
      return [pair.slice(0, at), pair.slice(at + 1).trim()] as const;
    }),
  );
}

function listed(text = ''): string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

import type { Rule } from './rule.ts';
import { accountInput, identifierFromModel } from './rules/account.ts';
import { inputDescription, toolDescription, toolDescriptionLength } from './rules/descriptions.ts';
import {
  boundedList,
  boundedPageSize,
  boundedString,
  closedInput,
  freeFormObject,
  inputCount,
  requiredInput,
  typedInput,
} from './rules/inputs.ts';
import { nameStatesAction, nameStyle } from './rules/name.ts';
import { example, outputSchema, readOnlyMethod, readOnlyPost, shapedOutput } from './rules/outcome.ts';
import { noSecret, secretInput } from './rules/secrets.ts';
import { usedInput } from './rules/templates.ts';

/**
 * The practices that custom tools are held to: those of the page “Custom tools” of Scalekit's documentation, and what
 * follows from them. In the order in which they are listed.
 */
export const rules: readonly Rule[] = [
  nameStatesAction,
  nameStyle,
  toolDescription,
  toolDescriptionLength,
  inputDescription,
  typedInput,
  boundedString,
  boundedList,
  boundedPageSize,
  freeFormObject,
  closedInput,
  inputCount,
  requiredInput,
  usedInput,
  identifierFromModel,
  accountInput,
  noSecret,
  secretInput,
  shapedOutput,
  readOnlyMethod,
  readOnlyPost,
  outputSchema,
  example,
];

/** What the file's own format is told under. */
export const FORMAT_RULE = 'format';

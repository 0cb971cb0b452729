import type { Rule } from '../rule.ts';
import { keywordOf, schemaNodes } from '../schema-walk.ts';
import { wordsOf } from '../words.ts';

const LEAST_WORDS = 4;

export const toolDescription: Rule = {
  id: 'tool-description',
  severity: 'error',
  summary: 'Every tool has a description',
  *check({ description = '' }) {
    if (description.trim() !== '') return;
    yield {
      path: ['description'],
      message: 'the tool has no description: a model has its name alone to choose it by',
      advice:
        'Say what it does, for whom and what it returns: "List Gmail filters configured for the current user".',
    };
  },
};

export const toolDescriptionLength: Rule = {
  id: 'tool-description-length',
  severity: 'warning',
  summary: `Descriptions of tools have at least ${LEAST_WORDS} words, and others than the name`,
  *check({ name, description = '' }) {
    const words = wordsOf(description);
    const nameWords = new Set([...wordsOf(name), 'a', 'an', 'the']);
    // A script without spaces between words has one of them: its characters tell.
    const isShort = words.length < LEAST_WORDS && description.trim().length < 20;
    const isName = words.length > 0 && words.every((word) => nameWords.has(word));
    if (description.trim() === '' || (!isShort && !isName)) return;
    yield {
      path: ['description'],
      message: isName
        ? 'the description repeats the name: it tells a model nothing more'
        : `the description is too short for a model to know when to use the tool`,
      advice: 'Say what it does, when to use it and what it returns.',
    };
  },
};

export const inputDescription: Rule = {
  id: 'input-description',
  severity: 'warning',
  summary: 'Every input has a description',
  *check({ input_schema: root }) {
    for (const { schema, path, name, isProperty } of schemaNodes(root)) {
      if (!isProperty || isText(keywordOf(root, schema, 'description'))) continue;
      yield {
        path,
        message: `${name} has no description: a model has to guess what to give`,
        advice: `Add a description that says what it is and how it is written: "Channel ID, such as C024BE91L".`,
      };
    }
  },
};

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

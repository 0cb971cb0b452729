import { isJsonObject, type JsonObject } from '../../../json/object.ts';
import { declaredInputs } from '../../input.ts';
import type { Rule } from '../rule.ts';
import { inputsOf, ownTypes, schemaNodes } from '../schema-walk.ts';

const MOST_INPUTS = 12;

export const boundedString: Rule = {
  id: 'bounded-string',
  severity: 'warning',
  summary: 'Strings have a maxLength, enum, const, format or pattern',
  *check(tool) {
    for (const { schema, path, name } of schemaNodes(tool.input_schema)) {
      if (!ownTypes(schema).includes('string') || hasAny(schema, STRING_BOUNDS)) continue;
      // A rule of its own tells what is wrong with that one.
      if (name === 'identifier') continue;
      yield {
        path,
        message: `${name ?? 'the input'} takes any text of any length: what a model gives goes to the provider unchecked`,
        advice: 'Add the maxLength that the API documents, or an enum, pattern or format.',
      };
    }
  },
};

export const boundedList: Rule = {
  id: 'bounded-list',
  severity: 'warning',
  summary: 'Lists have a maxItems',
  *check(tool) {
    for (const { schema, path, name } of schemaNodes(tool.input_schema)) {
      if (!ownTypes(schema).includes('array') || hasAny(schema, ['maxItems', 'const', 'enum'])) continue;
      yield {
        path,
        message: `${name ?? 'the list'} takes a list of any length`,
        advice: 'Add the maxItems that the API documents.',
      };
    }
  },
};

export const boundedPageSize: Rule = {
  id: 'bounded-page-size',
  severity: 'warning',
  summary: 'Page sizes have a maximum',
  *check(tool) {
    for (const { schema, path, name, isProperty } of schemaNodes(tool.input_schema)) {
      const types = ownTypes(schema);
      if (!isProperty || name === undefined || !isPageSizeName(name)) continue;
      if (!types.includes('integer') && !types.includes('number')) continue;
      if (hasAny(schema, ['maximum', 'exclusiveMaximum', 'enum', 'const'])) continue;
      yield {
        path,
        message: `${name} has no maximum: a model that asks for 10000 gets an answer that fills its context`,
        advice: 'Add maximum (and a default): what the task needs, not what the API allows.',
      };
    }
  },
};

export const freeFormObject: Rule = {
  id: 'free-form-object',
  severity: 'warning',
  summary: 'Objects say which properties they have',
  *check(tool) {
    for (const { schema, path, name } of schemaNodes(tool.input_schema)) {
      if (name === undefined || !ownTypes(schema).includes('object')) continue;
      const isClosed =
        schema['additionalProperties'] === false || isJsonObject(schema['additionalProperties']);
      if (isClosed || hasAny(schema, OBJECT_SHAPES)) continue;
      yield {
        path,
        message: `${name} takes any object: a model has to guess its properties, and nothing checks them`,
        advice: 'List its properties and add additionalProperties: false.',
      };
    }
  },
};

export const typedInput: Rule = {
  id: 'typed-input',
  severity: 'warning',
  summary: 'Every input has a type',
  *check(tool) {
    for (const { schema, path, name, isProperty } of schemaNodes(tool.input_schema)) {
      if (!isProperty || hasAny(schema, TYPING)) continue;
      yield {
        path,
        message: `${name} takes a value of any type`,
        advice: 'Add a type: string, integer, number, boolean, array or object.',
      };
    }
  },
};

export const inputCount: Rule = {
  id: 'input-count',
  severity: 'warning',
  summary: `A tool has at most ${MOST_INPUTS} inputs`,
  *check({ input_schema: schema }) {
    const { length } = inputsOf(schema);
    if (length <= MOST_INPUTS) return;
    yield {
      path: ['input_schema', 'properties'],
      message: `${length} inputs are more than the ${MOST_INPUTS} that a model fills reliably`,
      advice:
        'Keep what the task needs, put the rest into the request as constants, or make two tools of it.',
    };
  },
};

export const closedInput: Rule = {
  id: 'closed-input',
  severity: 'warning',
  summary: 'Inputs that a tool does not know are refused: additionalProperties is false',
  isFixable: true,
  *check({ input_schema: schema }) {
    if (hasAny(schema, ['additionalProperties', 'unevaluatedProperties', ...COMPOSED])) return;
    yield {
      path: ['input_schema'],
      message: 'an input that a model makes up, or spells wrong, is silently ignored',
      advice: 'Add additionalProperties: false to input_schema.',
      // What is required and not described could then not be given at all.
      ...(undeclared(schema).length > 0
        ? {}
        : { fix: { path: ['input_schema', 'additionalProperties'], value: false } }),
    };
  },
};

export const requiredInput: Rule = {
  id: 'required-input',
  severity: 'error',
  summary: 'Names in required are inputs',
  *check({ input_schema: schema }) {
    for (const [index, name] of undeclared(schema)) {
      yield {
        path: ['input_schema', 'required', index],
        message: `${name} is required and is no input: a model that keeps to properties can never call the tool`,
        advice: `Describe ${name} under properties, or take it out of required.`,
      };
    }
  },
};

/** What is required and no input, with its place in the list. */
function undeclared(schema: JsonObject): [index: number, name: string][] {
  const declared = declaredInputs(schema);
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  return [...required.entries()].filter(
    (entry): entry is [number, string] => typeof entry[1] === 'string' && !declared.has(entry[1]),
  );
}

const STRING_BOUNDS = ['maxLength', 'enum', 'const', 'format', 'pattern'];
const COMPOSED = ['allOf', 'anyOf', 'oneOf', '$ref', 'if', 'patternProperties'];
const OBJECT_SHAPES = ['properties', 'const', 'enum', ...COMPOSED];
const TYPING = ['type', 'enum', 'const', 'allOf', 'anyOf', 'oneOf', '$ref', 'not', 'if'];

function hasAny(schema: JsonObject, keywords: readonly string[]): boolean {
  return keywords.some((keyword) => schema[keyword] !== undefined);
}

/** Whether an input of this name says how much comes back. */
export function isPageSizeName(name: string): boolean {
  return /^(limit|top|first|last|count|size|num|take|per_?page|(max|num|number_?of)_?(results|items|records|rows|count|pages)|(page|batch|result)_?(size|limit|count|length)|rows)$/i.test(
    name,
  );
}

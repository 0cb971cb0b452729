import type { Contract, ContractRequest } from '../../contracts/contract.ts';
import type { PathKey } from '../../contracts/problems.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { fromText } from './find-parts.ts';
import { proposeSchema } from './propose-schema.ts';
import type { CallShape, Part } from './request-parts.ts';

/** A part of the call that an input takes. */
export interface ChosenInput {
  part: Part;
  name: string;
  description?: string;
  isRequired: boolean;
}

export interface Draft {
  name: string;
  description?: string;
  connectionName: string;
  shape: CallShape;
  inputs: readonly ChosenInput[];
  isReadOnly: boolean;
  outcome: Pick<Contract, 'output' | 'fail_when' | 'error'>;
}

/** The contract that makes the call again, its inputs in place of the values that it was made with. */
export function buildContract(draft: Draft): Contract {
  const { name, description, inputs, isReadOnly, outcome } = draft;
  const values = inputValues(inputs);
  return {
    name,
    ...(description === undefined || description === '' ? {} : { description }),
    input_schema: inputSchema(inputs),
    request: requestOf(draft),
    ...outcome,
    read_only: isReadOnly,
    examples: [{ input: values }],
  };
}

/** The inputs that make the call as it was made. */
export function inputValues(inputs: readonly ChosenInput[]): JsonObject {
  return Object.fromEntries(inputs.map(({ name, part }) => [name, part.value]));
}

function inputSchema(inputs: readonly ChosenInput[]): JsonObject {
  const properties = inputs.map(({ name, part, description }) => {
    const { type, ...bounds } = proposeSchema(name, part.value);
    return [name, { type, ...(description === undefined ? {} : { description }), ...bounds }];
  });
  const required = inputs.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonObject,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function requestOf({ connectionName, shape, inputs }: Draft): ContractRequest {
  const { method, headers } = shape;
  const implied = shape.body === undefined ? 'GET' : 'POST';
  const query = queryOf(shape, inputs);
  const body = bodyOf(shape, inputs);
  return {
    connection: connectionName,
    ...(method === implied ? {} : { method }),
    path: pathOf(shape, inputs),
    ...(Object.keys(query).length === 0 ? {} : { query }),
    ...(headers.length === 0
      ? {}
      : { headers: literal(Object.fromEntries(headers)) as Record<string, string> }),
    ...(body === undefined ? {} : { body }),
  };
}

function pathOf({ path }: CallShape, inputs: readonly ChosenInput[]): string {
  return path
    .map((piece, index) => {
      if (typeof piece === 'string') return literal(piece);
      const input = inputs.find(({ part: { where } }) => where.in === 'path' && where.piece === index);
      return input === undefined ? encodeURIComponent(piece.value) : placeholder(input);
    })
    .join('');
}

function queryOf({ query }: CallShape, inputs: readonly ChosenInput[]): JsonObject {
  const pairs = [...query].map(([name, value]) => {
    const input = inputs.find(({ part: { where } }) => where.in === 'query' && where.name === name);
    return [name, input === undefined ? literal(fromText(value)) : placeholder(input)];
  });
  return Object.fromEntries(pairs) as JsonObject;
}

function bodyOf({ body }: CallShape, inputs: readonly ChosenInput[]): unknown {
  return inputs.reduce<unknown>(
    (built, input) =>
      input.part.where.in === 'body' ? withValue(built, input.part.where.keys, placeholder(input)) : built,
    literal(body),
  );
}

function withValue(value: unknown, [key, ...rest]: readonly PathKey[], put: string): unknown {
  if (key === undefined) return put;
  if (!isJsonObject(value)) return value;
  return { ...value, [key]: withValue(value[key], rest, put) };
}

function placeholder({ name }: ChosenInput): string {
  return `{{${name}}}`;
}

/** What is no placeholder, and must not be read as one. */
function literal(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('{{', '{{{{');
  if (Array.isArray(value)) return value.map(literal);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, literal(each)]));
}

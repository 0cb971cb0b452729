/**
 * A schema as what it takes: alternatives of one type each, references followed, `allOf` merged. Nodes may lead
 * back to themselves.
 */
export interface SchemaNode {
  /** A value fits where it fits one of them. */
  alternatives: Alternative[];
  /** False while it is made. */
  isFilled: boolean;
  description?: string;
  defaultValue?: { value: unknown };
  /** The type that its keywords are about, where it says none and so takes values of every other. */
  impliedType?: ValueType;
}

export type ValueType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export const VALUE_TYPES: readonly ValueType[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];

export type Alternative = Literals | Shape;
export type Shape = NumberShape | StringShape | ArrayShape | ObjectShape;

/** What else has to hold and is compared as a whole: `not`, `if`, `contains`, what cannot be followed. */
export interface Condition {
  keyword: string;
  /** What of it is no schema. */
  detail: string;
  schemas: readonly (readonly [role: string, node: SchemaNode])[];
}

interface Conditional {
  conditions: readonly Condition[];
}

/** Values that are listed; null, true and false always are. */
export interface Literals extends Conditional {
  type: 'literals';
  /** By their canonical text. */
  values: ReadonlyMap<string, unknown>;
}

export interface Bound {
  value: number;
  isExclusive: boolean;
}

export interface NumberShape extends Conditional {
  type: 'number';
  isInteger: boolean;
  minimum: Bound | undefined;
  maximum: Bound | undefined;
  multiples: readonly number[];
  formats: readonly string[];
}

export interface StringShape extends Conditional {
  type: 'string';
  minLength: number;
  maxLength: number;
  patterns: readonly string[];
  formats: readonly string[];
}

export interface ArrayShape extends Conditional {
  type: 'array';
  minItems: number;
  maxItems: number;
  isUnique: boolean;
  prefix: readonly SchemaNode[];
  /** Of the items after those of `prefix`. */
  rest: SchemaNode;
}

export interface ObjectShape extends Conditional {
  type: 'object';
  /** What patterns say of them included. */
  properties: ReadonlyMap<string, SchemaNode>;
  required: ReadonlySet<string>;
  patterns: ReadonlyMap<string, SchemaNode>;
  /** Of the keys that neither names. */
  additional: SchemaNode;
  minProperties: number;
  maxProperties: number;
}

/** Takes every value. */
export const ANY: SchemaNode = { alternatives: [], isFilled: true };
/** Takes none. */
export const NEVER: SchemaNode = { alternatives: [], isFilled: true };

const none = { conditions: [] };
ANY.alternatives.push(
  {
    type: 'literals',
    values: new Map<string, unknown>([
      ['null', null],
      ['true', true],
      ['false', false],
    ]),
    ...none,
  },
  {
    type: 'number',
    isInteger: false,
    minimum: undefined,
    maximum: undefined,
    multiples: [],
    formats: [],
    ...none,
  },
  { type: 'string', minLength: 0, maxLength: Infinity, patterns: [], formats: [], ...none },
  { type: 'array', minItems: 0, maxItems: Infinity, isUnique: false, prefix: [], rest: ANY, ...none },
  {
    type: 'object',
    properties: new Map(),
    required: new Set(),
    patterns: new Map(),
    additional: ANY,
    minProperties: 0,
    maxProperties: Infinity,
    ...none,
  },
);

export function typeOfValue(value: unknown): ValueType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as ValueType;
}

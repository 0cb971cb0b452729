import { isDeepStrictEqual } from 'node:util';
import { isPageSizeName } from '../../contracts/lint/rules/inputs.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';

/** A schema for an input of which one value is known: its type, and bounds that leave room for others. */
export function proposeSchema(name: string, value: unknown): JsonObject {
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'number') return numberSchema(name, value);
  if (typeof value === 'string') return stringSchema(name, value);
  if (Array.isArray(value)) {
    return { type: 'array', items: itemSchema(name, value), maxItems: Math.max(50, value.length * 2) };
  }
  if (!isJsonObject(value)) return {};
  const properties = Object.entries(value).map(([key, each]) => [key, proposeSchema(key, each)]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonObject,
    additionalProperties: false,
  };
}

/** One for all items: where they differ, their types and the longest length. */
function itemSchema(name: string, list: readonly unknown[]): JsonObject {
  const schemas = (list.length === 0 ? [''] : list).map((item) => proposeSchema(name, item));
  const [first = {}] = schemas;
  if (schemas.every((schema) => isDeepStrictEqual(schema, first))) return first;
  const types = [...new Set(schemas.map(({ type }) => type))];
  const lengths = list.map((item) => (typeof item === 'string' ? item.length : 0));
  const type = types.length === 1 ? types[0] : types;
  return { type, ...(types.includes('string') ? { maxLength: Math.max(200, ...lengths) } : {}) };
}

/** Whether an input may be left out: how much comes back, and where it begins. */
export function isOptionalName(name: string): boolean {
  return (
    isPageSizeName(name) || /^(page|offset|skip|start|cursor|after|before|(next_?)?page_?token)$/i.test(name)
  );
}

function numberSchema(name: string, value: number): JsonObject {
  const type = Number.isInteger(value) ? 'integer' : 'number';
  if (isPageSizeName(name)) {
    return { type, minimum: Math.min(1, value), maximum: Math.max(100, value), default: value };
  }
  if (/^page(_?number)?$/i.test(name)) return { type, minimum: Math.min(1, value) };
  return /^(offset|skip|start)$/i.test(name) ? { type, minimum: Math.min(0, value) } : { type };
}

/** With ajv-formats' names. The patterns are narrower than the formats. */
const FORMATS: readonly (readonly [format: string, pattern: RegExp])[] = [
  ['uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
  ['date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/],
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['email', /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/],
  ['uri', /^https?:\/\/[\w.-]+(:\d+)?([/?#]\S*)?$/],
];

const LONG = /(text|body|message|content|description|comment|notes?|markdown|html|summary|prompt)$/i;

function stringSchema(name: string, value: string): JsonObject {
  const format = FORMATS.find(([, pattern]) => pattern.test(value))?.[0];
  if (format !== undefined) return { type: 'string', format };
  const usual = LONG.test(name) ? 4000 : 200;
  return { type: 'string', maxLength: value.length * 2 <= usual ? usual : roundUp(value.length * 2) };
}

/** To one digit and zeros. */
function roundUp(length: number): number {
  const unit = 10 ** Math.floor(Math.log10(length));
  return Math.ceil(length / unit) * unit;
}

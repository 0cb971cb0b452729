import { isJsonObject, type JsonObject } from '../../../json/object.ts';
import { subschemas } from '../subschemas.ts';
import type { StrictRules } from './rules.ts';

/** https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas */
export const openaiStrict: StrictRules = {
  enforced: new Set([
    'minLength',
    'maxLength',
    'pattern',
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'multipleOf',
    'maxItems',
  ]),
  told: new Set(),
  formats: new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid']),
  isAllRequired: true,
  hasTypeLists: true,
  typesLiterals: true,
  allowsRecursion: true,
  mostMinItems: Number.POSITIVE_INFINITY,
  exceeded,
};

const MOST_LEVELS = 10;
const MOST_PROPERTIES = 5000;
const MOST_ENUM_VALUES = 1000;
const MOST_TEXT = 120_000;
/** Of the strings of one enum with more than 250 of them. */
const MOST_ENUM_TEXT = 15_000;

function exceeded(root: JsonObject): string | undefined {
  let properties = 0;
  let enumValues = 0;
  let text = 0;
  for (const { schema, place } of subschemas(root)) {
    const names = ['properties', '$defs'].flatMap((key) => keysOf(schema[key]));
    const values = Array.isArray(schema['enum']) ? schema['enum'] : [];
    const strings = [...values, schema['const']].filter((value) => typeof value === 'string');
    const enumText = lengthOf(strings);
    if (values.length > 250 && enumText > MOST_ENUM_TEXT)
      return `an enum of more than ${MOST_ENUM_TEXT} characters`;
    properties += keysOf(schema['properties']).length;
    enumValues += values.length;
    text += lengthOf(names) + enumText;
    if (levels(place) > MOST_LEVELS) return `more than ${MOST_LEVELS} levels`;
  }
  if (properties > MOST_PROPERTIES) return `more than ${MOST_PROPERTIES} properties`;
  if (enumValues > MOST_ENUM_VALUES) return `more than ${MOST_ENUM_VALUES} enum values`;
  return text > MOST_TEXT ? `more than ${MOST_TEXT} characters of names and values` : undefined;
}

function keysOf(value: unknown): string[] {
  return isJsonObject(value) ? Object.keys(value) : [];
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, each) => sum + each.length, 0);
}

/** How many objects and lists a place is inside of. */
function levels(place: string): number {
  return place.match(/\/(properties|items)(?=\/|$)/g)?.length ?? 0;
}

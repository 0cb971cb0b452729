import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { invalidArgument, Refusal } from '../refusal.ts';

/**
 * What Scalekit's documentation prints in its examples though no request has it: passed over, so that they work as
 * they are printed.
 */
const PRINTED = new Set(['connected_account.authorization_type']);

export function fieldOf(message: DescMessage, key: string): DescField | undefined {
  return message.fields.find(({ name, jsonName }) => name === key || jsonName === key);
}

/** A copy with the descriptor's names and without what is only printed. Throws a Refusal that names every unknown field. */
export function knownFields(message: DescMessage, json: JsonObject): JsonObject {
  const unknown: string[] = [];
  const known = knownPart(message, json, '', unknown);
  const [first] = unknown;
  if (first === undefined) return known;
  const description = 'is not known here';
  if (unknown.length === 1) throw invalidArgument(first, description);
  const violations = unknown.map((field) => ({ field, description }));
  throw new Refusal('invalid_argument', 'VALIDATION_ERROR', `${unknown.join(', ')}: are not known here`, {
    violations,
  });
}

function knownPart(message: DescMessage, json: JsonObject, prefix: string, unknown: string[]): JsonObject {
  const known: JsonObject = {};
  for (const [key, value] of Object.entries(json)) {
    const path = prefix + key;
    const field = fieldOf(message, key);
    if (!field) {
      if (!PRINTED.has(path)) unknown.push(path);
    } else if (Object.hasOwn(known, field.name)) {
      throw invalidArgument(path, 'is given twice');
    } else {
      known[field.name] = knownValue(field, value, path, unknown);
    }
  }
  return known;
}

function knownValue(field: DescField, value: unknown, path: string, unknown: string[]): unknown {
  if (field.fieldKind !== 'message' || value === null) return value;
  const { typeName } = field.message;
  // Google's own types have a JSON of their own.
  const isGoogles = typeName.startsWith('google.');
  if (isGoogles && typeName !== STRUCT) return value;
  if (!isJsonObject(value)) throw invalidArgument(path, 'must be an object');
  return isGoogles ? value : knownPart(field.message, value, `${path}.`, unknown);
}

const STRUCT = 'google.protobuf.Struct';

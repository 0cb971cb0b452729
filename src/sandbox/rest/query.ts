import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import type { JsonObject } from '../../json/object.ts';
import { invalidArgument } from '../refusal.ts';
import { fieldOf } from './unknown-fields.ts';

/**
 * A query as the proto JSON of a request: `filter.connection_names=a&filter.connection_names=b&page_size=10`. Names are
 * those of the descriptor or their camelCase.
 */
export function queryJson(message: DescMessage, query: URLSearchParams): JsonObject {
  const json: JsonObject = {};
  for (const name of new Set(query.keys())) place(json, message, name, query.getAll(name));
  return json;
}

function place(json: JsonObject, message: DescMessage, name: string, texts: readonly string[]): void {
  const keys = name.split('.');
  let target = json;
  let owner = message;
  for (const [index, key] of keys.entries()) {
    const field = fieldOf(owner, key);
    if (!field) throw invalidArgument(name, 'is not known here');
    if (index === keys.length - 1) {
      if (Object.hasOwn(target, field.name)) throw invalidArgument(name, 'is given twice');
      target[field.name] = valueOf(field, name, texts);
      return;
    }
    if (field.fieldKind !== 'message') throw invalidArgument(name, `${field.name} has no fields`);
    target = (target[field.name] ??= {}) as JsonObject;
    owner = field.message;
  }
}

function valueOf(field: DescField, name: string, texts: readonly string[]): unknown {
  if (field.fieldKind === 'list') return texts.map((text) => scalarOf(field, text));
  if (texts.length > 1) throw invalidArgument(name, 'is given more than once');
  if (field.fieldKind === 'message' && !WRAPPERS.has(field.message.typeName)) {
    throw invalidArgument(name, 'cannot be given in a query');
  }
  return scalarOf(field, texts[0] ?? '');
}

/** What proto JSON writes as the value that they wrap. */
const WRAPPERS = new Set([
  'google.protobuf.BoolValue',
  'google.protobuf.StringValue',
  'google.protobuf.UInt32Value',
  'google.protobuf.Timestamp',
]);

/** Numbers and the names of enum values are texts in proto JSON already. */
function scalarOf(field: DescField, text: string): unknown {
  const isBool =
    (field.fieldKind === 'scalar' && field.scalar === ScalarType.BOOL) ||
    (field.fieldKind === 'message' && field.message.typeName === 'google.protobuf.BoolValue');
  if (isBool && (text === 'true' || text === '1')) return true;
  if (isBool && (text === 'false' || text === '0')) return false;
  return text;
}

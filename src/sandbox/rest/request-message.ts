import {
  type DescField,
  type DescMethodUnary,
  fromJson,
  type JsonValue,
  type Message,
  ScalarType,
} from '@bufbuild/protobuf';
import { isFieldError } from '@bufbuild/protobuf/reflect';
import type { JsonObject } from '../../json/object.ts';
import { invalidArgument, type Refusal } from '../refusal.ts';
import type { HttpBinding } from './http-rules.ts';
import { parseBody } from './json-body.ts';
import { queryJson } from './query.ts';
import { knownFields } from './unknown-fields.ts';

interface HttpRequest {
  parameters: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: string;
}

/** The overview of Scalekit's OpenAPI description executes a tool with `tool_input`, its reference with `params`. */
const ALIASES: Record<string, string> = { 'ExecuteTool.tool_input': 'params' };

/** The message that an HTTP request stands for, as grpc-gateway puts it together, but unknown fields are refused. */
export function requestMessage(
  method: DescMethodUnary,
  { body: place }: HttpBinding,
  { parameters, query, body }: HttpRequest,
): Message {
  const { input } = method;
  if (place === '') return decode(input, { ...queryJson(input, query), ...parameters });
  const [first] = query.keys();
  if (first !== undefined) throw invalidArgument(first, 'belongs into the JSON body, not into the query');
  const given = place === '*' ? withAliases(method.name, parseBody(body)) : { [place]: parseBody(body) };
  return decode(input, { ...knownFields(input, given), ...parameters });
}

function withAliases(method: string, given: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [ALIASES[`${method}.${key}`] ?? key, value]),
  );
}

function decode(input: DescMethodUnary['input'], json: JsonObject): Message {
  try {
    return fromJson(input, json as JsonValue);
  } catch (error) {
    throw misfit(error);
  }
}

/** protobuf-es says it with the value, which may be a credential: here with what the field takes. */
function misfit(error: unknown): Refusal {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!isFieldError(cause)) return invalidArgument('body', 'has not the form of this request');
  const field = cause.field();
  if (field.kind === 'oneof') return invalidArgument(field.name, 'takes one of its fields only');
  return invalidArgument(field.name, `must be ${kindOf(field)}`);
}

function kindOf(field: DescField): string {
  if (field.fieldKind === 'list') return 'a list';
  if (field.fieldKind === 'map') return 'an object';
  if (field.fieldKind === 'enum') return `one of ${field.enum.values.map(({ name }) => name).join(', ')}`;
  if (field.fieldKind === 'message') return KINDS_OF_MESSAGES[field.message.typeName] ?? 'an object';
  if (field.scalar === ScalarType.BOOL) return 'true or false';
  return field.scalar === ScalarType.STRING ? 'a string' : 'a whole number of 0 or more';
}

const KINDS_OF_MESSAGES: Record<string, string> = {
  'google.protobuf.BoolValue': 'true or false',
  'google.protobuf.Timestamp': 'a time like 2026-01-31T09:30:00Z',
};

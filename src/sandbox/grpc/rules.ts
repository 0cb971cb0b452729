import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import type { Interceptor } from '@connectrpc/connect';
import { Refusal } from '../refusal.ts';
import { type FieldRules, fieldRules, type NumberRules, type StringRules } from './rule-options.ts';

interface Violation {
  field: string;
  description: string;
}

/** The SDK's descriptors carry Scalekit's own validation rules (buf.validate): the sandbox holds requests to them. */
export const enforceRules: Interceptor = (next) => (request) => {
  if (!request.stream) {
    const violations = violationsOf(request.method.input, request.message);
    const [first] = violations;
    if (first) {
      throw new Refusal('invalid_argument', 'VALIDATION_ERROR', `${first.field}: ${first.description}`, {
        violations,
      });
    }
  }
  return next(request);
};

function violationsOf(descriptor: DescMessage, message: Message): Violation[] {
  const reflected = reflect(descriptor, message);
  return descriptor.fields.flatMap((field) => {
    const rules = fieldRules(field);
    const present = reflected.isSet(field);
    if (!present) return rules ? checkAbsent(field, rules) : [];
    const value: unknown = (message as unknown as Record<string, unknown>)[field.localName];
    const own = rules ? check(field, rules, value) : [];
    if (field.fieldKind !== 'message' || field.message.typeName.startsWith('google.')) return own;
    const inside = violationsOf(field.message, value as Message);
    return [...own, ...inside.map((one) => ({ ...one, field: `${field.name}.${one.field}` }))];
  });
}

/** What has no presence of its own is checked as the empty text that it stands for. */
function checkAbsent(field: DescField, rules: FieldRules): Violation[] {
  if (rules.required) return [{ field: field.name, description: 'is required' }];
  return field.fieldKind === 'scalar' && field.presence === FeatureSet_FieldPresence.IMPLICIT
    ? check(field, rules, '')
    : [];
}

function check({ name }: DescField, rules: FieldRules, value: unknown): Violation[] {
  if (typeof value === 'string' && rules.string) {
    return checkString(rules.string, value).map((description) => ({ field: name, description }));
  }
  if (typeof value === 'number' && rules.uint32) {
    return checkNumber(rules.uint32, value).map((description) => ({ field: name, description }));
  }
  if (!Array.isArray(value) || !rules.repeated) return [];
  const { maxItems = Infinity, items } = rules.repeated;
  if (value.length > maxItems) return [{ field: name, description: `must have at most ${maxItems} items` }];
  return value.flatMap((item: unknown, index) =>
    typeof item === 'string' && items
      ? checkString(items, item).map((description) => ({ field: `${name}[${index}]`, description }))
      : [],
  );
}

function checkString(
  { minLength = 0, maxLength = Infinity, pattern, prefix = '' }: StringRules,
  value: string,
): string[] {
  const length = codePoints(value);
  if (length < minLength) {
    return [minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`];
  }
  if (length > maxLength) return [`must have at most ${maxLength} characters`];
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return [`must match ${pattern}`];
  return value.startsWith(prefix) ? [] : [`must begin with ${prefix}`];
}

/** As buf.validate counts: a character outside the basic plane is one. */
function codePoints(value: string): number {
  return Array.from(value).length;
}

function checkNumber({ most = Infinity, least = 0 }: NumberRules, value: number): string[] {
  return value >= least && value <= most ? [] : [`must be between ${least} and ${most}`];
}

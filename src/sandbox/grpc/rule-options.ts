import type { DescField } from '@bufbuild/protobuf';
import { optionBytes, readFields } from './option-bytes.ts';

export interface StringRules {
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  prefix?: string;
}

export interface NumberRules {
  least?: number;
  most?: number;
}

export interface FieldRules {
  required?: boolean;
  string?: StringRules;
  uint32?: NumberRules;
  repeated?: { maxItems?: number; items?: StringRules };
}

/** The number of the `buf.validate.field` extension of google.protobuf.FieldOptions. */
const VALIDATE_FIELD = 1159;

/** No state: descriptors are the same for all sandboxes and never change. */
const cache = new WeakMap<DescField, FieldRules | null>();

/** The buf.validate rules of a field, as far as AgentKit's requests have any. */
export function fieldRules(field: DescField): FieldRules | null {
  const known = cache.get(field);
  if (known !== undefined) return known;
  const bytes = optionBytes(field.proto.options, VALIDATE_FIELD);
  const rules = bytes ? readFieldRules(bytes) : null;
  cache.set(field, rules);
  return rules;
}

/** Field numbers as in buf/validate/validate.proto. */
function readFieldRules(bytes: Uint8Array): FieldRules {
  const rules: FieldRules = {};
  readFields(bytes, {
    5: (reader) => (rules.uint32 = readNumberRules(reader.bytes())),
    14: (reader) => (rules.string = readStringRules(reader.bytes())),
    18: (reader) => (rules.repeated = readRepeatedRules(reader.bytes())),
    25: (reader) => (rules.required = reader.bool()),
  });
  return rules;
}

function readStringRules(bytes: Uint8Array): StringRules {
  const rules: StringRules = {};
  readFields(bytes, {
    2: (reader) => (rules.minLength = Number(reader.uint64())),
    3: (reader) => (rules.maxLength = Number(reader.uint64())),
    6: (reader) => (rules.pattern = reader.string()),
    7: (reader) => (rules.prefix = reader.string()),
  });
  return rules;
}

function readNumberRules(bytes: Uint8Array): NumberRules {
  const rules: NumberRules = {};
  readFields(bytes, {
    // `lt` is read as `lte`: the one that occurs says 100 where the documentation says up to 100.
    2: (reader) => (rules.most = reader.uint32()),
    3: (reader) => (rules.most = reader.uint32()),
    5: (reader) => (rules.least = reader.uint32()),
  });
  return rules;
}

function readRepeatedRules(bytes: Uint8Array): NonNullable<FieldRules['repeated']> {
  const rules: NonNullable<FieldRules['repeated']> = {};
  readFields(bytes, {
    2: (reader) => (rules.maxItems = Number(reader.uint64())),
    4: (reader) => {
      const items = readFieldRules(reader.bytes()).string;
      if (items) rules.items = items;
    },
  });
  return rules;
}

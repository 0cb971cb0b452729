import type { StrictRules } from './rules.ts';

/**
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations, and what the
 * `transformJSONSchema` of @anthropic-ai/sdk makes of the rest.
 */
export const anthropicStrict: StrictRules = {
  enforced: new Set(),
  told: new Set([
    'minLength',
    'maxLength',
    'pattern',
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'multipleOf',
    'minItems',
    'maxItems',
    'uniqueItems',
    'minProperties',
    'maxProperties',
  ]),
  formats: new Set([
    'date-time',
    'time',
    'date',
    'duration',
    'email',
    'hostname',
    'uri',
    'ipv4',
    'ipv6',
    'uuid',
  ]),
  isAllRequired: false,
  hasTypeLists: false,
  typesLiterals: false,
  allowsRecursion: false,
  mostMinItems: 1,
  mostTools: 20,
};

import fc from 'fast-check';

const json = fc.jsonValue({ maxDepth: 2 });
/** Schemas of every kind, broken ones too. */
export const anySchema = fc.letrec<{ schema: unknown }>((tie) => {
  const some = fc.oneof({ weight: 9, arbitrary: tie('schema') }, { weight: 1, arbitrary: json });
  const map = fc.dictionary(fc.constantFrom('a', 'b', 'a.b', '__proto__', '^a', '('), some, { maxKeys: 3 });
  const list = fc.array(some, { maxLength: 3 });
  const type = fc.constantFrom('string', 'integer', 'array', 'object', 'null', 'boolean', 'x', 7);
  return {
    schema: fc.oneof(
      { depthSize: 'small' },
      fc.boolean(),
      fc.record(
        {
          type: fc.oneof(type, fc.array(type, { maxLength: 3 })),
          enum: fc.oneof(json, fc.array(json)),
          const: json,
          nullable: fc.boolean(),
          properties: map,
          patternProperties: map,
          additionalProperties: some,
          items: fc.oneof(some, list),
          prefixItems: list,
          anyOf: list,
          oneOf: list,
          allOf: list,
          if: some,
          // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's
          then: some,
          $ref: fc.constantFrom(
            '#',
            '#/anyOf/0',
            '#/properties/a',
            '#/%',
            '#/properties/__proto__',
            'x',
            '#x',
          ),
        },
        { requiredKeys: [] },
      ),
    ),
  };
}).schema;

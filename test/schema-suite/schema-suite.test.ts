import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { plainlyFits } from '../../src/json/proof.ts';
import { compileSchema } from '../../src/json/schema.ts';
import { violationsOf } from '../../src/json/violations.ts';
import { type Draft, readSuite, type SuiteFile, type SuiteGroup } from './support/suite.ts';

const isRequired = process.env['SK_CONNECT_THIRD_PARTY'] === 'required';

const drafts: { draft: Draft; atLeast: number; newAjv: () => Ajv | Ajv2020 }[] = [
  { draft: 'draft7', atLeast: 800, newAjv: () => new Ajv(plain) },
  { draft: 'draft2020-12', atLeast: 1000, newAjv: () => new Ajv2020(plain) },
];

// Without ownProperties it takes what every object inherits for a property.
const plain = {
  strict: false,
  logger: false,
  validateSchema: false,
  validateFormats: false,
  ownProperties: true,
} as const;

describe.each(drafts)('the required cases of $draft that ajv passes', ({ draft, atLeast, newAjv }) => {
  const suite = readSuite(draft) ?? [];

  it.skipIf(suite.length === 0 && !isRequired)('are all there', () => {
    const counts = suite.map((file) => passedByAjv(file, newAjv).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(atLeast);
  });

  it.each(suite)('$name', async (file) => {
    const wrong: string[] = [];
    for (const { group, test } of passedByAjv(file, newAjv)) {
      const { description, data, valid } = test;
      const tell = (path: string, said: unknown) =>
        wrong.push(
          `${path}: ${group.description}, ${description}: should be ${valid}, ${JSON.stringify(said)}`,
        );
      const shown = await violationsOf(group.schema, data).catch(String);
      if ((shown.length === 0) !== valid) tell('violationsOf', shown);
      const compiled = await compileSchema(group.schema).then((validate) => validate(data), String);
      if ((compiled.length === 0) !== valid) tell('compileSchema', compiled);
      if (!valid && plainlyFits(group.schema, data)) tell('plainlyFits', true);
    }
    expect(wrong).toEqual([]);
  });
});

/** What ajv as it comes says of each case the way the suite does. */
function passedByAjv(file: SuiteFile, newAjv: () => Ajv | Ajv2020) {
  return file.groups.flatMap((group) => {
    const ajv = newAjv();
    return group.tests
      .filter(({ description }) => !description.endsWith(FORMATS_UNCHECKED))
      .filter(({ data, valid }) => verdict(ajv, group.schema, data) === valid)
      .map((test) => ({ group, test }));
  });
}

/** The specification leaves it to the validator whether a format is held; here it is. */
const FORMATS_UNCHECKED = 'is only an annotation by default';

/** Undefined where ajv makes nothing of the schema, which mostly wants another one from the network. */
function verdict(ajv: Ajv | Ajv2020, schema: SuiteGroup['schema'], data: unknown): boolean | undefined {
  try {
    return ajv.validate(schema, data);
  } catch {
    return undefined;
  }
}

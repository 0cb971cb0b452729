import { expect, it } from 'vitest';
import { exampleInput } from '../../src/tools/example-input.ts';
import { schemaRows } from '../../src/tools/schema-rows.ts';
import { corpus } from './support/corpus.ts';
import { placesOf } from './support/places.ts';
import { validityOf } from './support/validity.ts';

const tools = await corpus();

it.each(tools)(
  'every input is a row, and the example is one that the tool takes: $title',
  ({ inputSchema }) => {
    const rows = schemaRows(inputSchema);
    const names = rows.map(({ name }) => name);
    for (const { path, schema } of placesOf(inputSchema)) {
      // The elements of a list are told with it.
      if (path.at(-1) === 0) continue;
      const name = path.reduce(
        (text, head) => `${text}${head === 0 ? '[]' : `${text === '' ? '' : '.'}${head}`}`,
        '',
      );
      expect(names).toContain(name);
      const row = rows.find((each) => each.name === name);
      const description = schema['description'];
      if (typeof description === 'string') expect(row?.description).not.toBe('');
      if (path.length === 1) expect(row?.isRequired).toBe([inputSchema['required']].flat().includes(name));
    }
    expect(new Set(names).size).toBe(names.length);
    expect(
      validityOf(inputSchema)(exampleInput(inputSchema)),
      JSON.stringify(exampleInput(inputSchema)),
    ).toBe(true);
  },
);

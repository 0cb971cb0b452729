import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLockfile } from '../../src/contracts/lockfile.ts';
import type { JsonObject } from '../../src/json/object.ts';
import { connectionChanges } from '../../src/tools/lock/changes.ts';
import { lockedConnection, lockfileText } from '../../src/tools/lock/entries.ts';
import type { ChangeKind } from '../../src/tools/lock/kinds.ts';
import type { ListedTool } from '../../src/tools/toolbox.ts';
import { corpus } from './support/corpus.ts';
import { mutations, NEW_NAME, type PlainPlace, plainPlaces } from './support/mutations.ts';
import { samplesOf } from './support/samples.ts';
import { validityOf } from './support/validity.ts';

const tools = await corpus();
const all = tools.map(({ listed }) => listed);

function textOf(listed: readonly ListedTool[]): string {
  return lockfileText({ lockfileVersion: 1, connections: { all: lockedConnection('all', listed) } });
}

/** Through the file, both times. */
async function changesOf(before: readonly ListedTool[], after: readonly ListedTool[]) {
  const [old, now] = await Promise.all([parseLockfile(textOf(before)), parseLockfile(textOf(after))]);
  const [from, to] = [old.connections['all'], now.connections['all']];
  if (from === undefined || to === undefined) throw new Error('nothing is locked');
  return connectionChanges('all', from, to);
}

describe('the file', () => {
  const text = textOf(all);

  it('holds every tool, sorted', () => {
    const { connections } = JSON.parse(text) as { connections: { all: { tools: JsonObject } } };
    expect(Object.keys(connections.all.tools)).toEqual(all.map(({ name }) => name).toSorted());
  });

  it('has the same bytes whatever order a server tells things in', () => {
    for (const seed of [1, 2, 3]) {
      const random = randomFrom(seed);
      expect(textOf(shuffledList(all, random).map((tool) => shuffled(tool, random) as ListedTool))).toBe(
        text,
      );
    }
  });

  it('says that nothing changed where nothing did', async () => {
    expect(await changesOf(all, all)).toEqual([]);
    expect(
      await changesOf(
        all,
        all.map((tool) => shuffled(tool, randomFrom(4)) as ListedTool),
      ),
    ).toEqual([]);
  });

  it('tells of a tool that is gone, one that is new, and one that says otherwise what it is for', async () => {
    const [gone, described, ...rest] = all;
    if (gone === undefined || described === undefined) throw new Error('there are no tools');
    const other = { ...described, description: 'Other words' };
    const changes = await changesOf(
      [gone, described, ...rest],
      [other, { ...gone, name: 'new_tool' }, ...rest],
    );
    expect(changes.map(({ tool, kind, isBreaking }) => ({ tool, kind, isBreaking }))).toEqual(
      [
        { tool: gone.name, kind: 'removed-tool', isBreaking: true },
        { tool: described.name, kind: 'changed-description', isBreaking: false },
        { tool: 'new_tool', kind: 'added-tool', isBreaking: false },
      ].toSorted((a, b) => (a.tool < b.tool ? -1 : 1)),
    );
  });
});

type Expected = readonly [mutation: keyof typeof mutations, kind: ChangeKind, isBreaking: boolean];

/** Of one tool: some have dozens. */
const MOST_PLACES = 4;

const inputs: readonly Expected[] = [
  ['removed', 'removed-input', true],
  ['required', 'new-required-input', true],
  ['notRequired', 'widened-input', false],
  ['added', 'added-input', false],
  ['addedRequired', 'new-required-input', true],
  ['fewerValues', 'narrowed-input', true],
  ['moreValues', 'widened-input', false],
  ['nullable', 'widened-input', false],
  ['otherType', 'changed-input', true],
  ['limited', 'narrowed-input', true],
  ['described', 'changed-description', false],
];
const outputs: readonly Expected[] = [
  ['removed', 'removed-output', true],
  ['notRequired', 'widened-output', true],
  ['nullable', 'widened-output', true],
  ['otherType', 'changed-output', true],
  ['limited', 'narrowed-output', false],
  ['described', 'changed-description', false],
];

describe.each([
  { side: 'input', key: 'inputSchema', expected: inputs, atLeast: 20 },
  { side: 'output', key: 'outputSchema', expected: outputs, atLeast: 2 },
] as const)('a change of an $side', ({ side, key, expected, atLeast }) => {
  it.each(expected)('%s: %s', async (name, kind, isBreaking) => {
    let count = 0;
    for (const { title, listed } of tools) {
      for (let index = 0; index < Math.min(countOf(listed[key]), MOST_PLACES); index++) {
        const today = structuredClone(listed);
        const place = placeOf(today[key], index);
        const path = name.startsWith('added') ? beside(place) : place.path;
        if (!mutations[name].apply(place)) continue;
        count += 1;
        const changes = await changesOf([listed], [today]);
        const told = changes.map((change) => ({
          kind: change.kind,
          isBreaking: change.isBreaking,
          path: change.path,
        }));
        expect(told, `${title} ${path}`).toEqual([{ kind, isBreaking, path: `${side}.${path}` }]);
      }
    }
    expect(count).toBeGreaterThanOrEqual(atLeast);
  });
});

describe('what is not called breaking', () => {
  it('takes every input that was taken before, however much has changed', async () => {
    const names = Object.keys(mutations) as (keyof typeof mutations)[];
    const steps = fc.array(fc.tuple(fc.constantFrom(...names), fc.nat()), { minLength: 1, maxLength: 4 });
    const chosen = fc.sample(fc.tuple(fc.constantFrom(...tools), steps), { numRuns: 400, seed: 4 });
    let harmless = 0;
    for (const [{ title, listed, inputSchema }, changes] of chosen) {
      const today = structuredClone(listed);
      for (const [name, at] of changes) {
        const count = countOf(today.inputSchema);
        if (count > 0) mutations[name].apply(placeOf(today.inputSchema, at % count));
      }
      const told = await changesOf([listed], [today]);
      if (told.some(({ isBreaking }) => isBreaking !== false)) continue;
      harmless += 1;
      const takes = validityOf(today.inputSchema ?? {});
      for (const sample of samplesOf(inputSchema, 5)) {
        expect(takes(sample), `${title}: ${JSON.stringify(changes)}`).toBe(true);
      }
    }
    expect(harmless).toBeGreaterThan(80);
  });
});

function countOf(schema: JsonObject | null): number {
  return schema === null ? 0 : [...plainPlaces(schema)].length;
}

function placeOf(schema: JsonObject | null, index: number): PlainPlace {
  const place = [...plainPlaces(schema ?? {})][index];
  if (place === undefined) throw new Error('there is no such place');
  return place;
}

function beside({ path, name }: PlainPlace): string {
  return `${path.slice(0, path.length - name.length)}${NEW_NAME}`;
}

/** The same, its keys and the lists whose order means nothing in another order. */
function shuffled(value: unknown, random: () => number, key = ''): unknown {
  if (Array.isArray(value)) {
    const inner = value.map((each) => shuffled(each, random));
    return ['required', 'enum', 'anyOf'].includes(key) ? shuffledList(inner, random) : inner;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, shuffled(each, random, name)] as const);
  return Object.fromEntries(shuffledList(entries, random));
}

function shuffledList<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** The same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

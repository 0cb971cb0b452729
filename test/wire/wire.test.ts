import { describe, expect, it, vi } from 'vitest';
import { subjects } from './subjects.ts';
import { check, inProcess, useWire } from './support/stage.ts';

vi.setConfig({ testTimeout: 20_000 });
const stage = useWire();

describe.each(subjects)('%s', (_subject, cases) => {
  it.each(cases.map((each) => [each.what, each] as const))('%s', (_what, given) =>
    check(stage, given, inProcess(stage)),
  );
});

it('no two rows have one name', () => {
  const names = subjects.flatMap(([subject, cases]) => cases.map(({ what }) => `${subject}: ${what}`));
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(new Set(names).size).toBe(names.length);
});

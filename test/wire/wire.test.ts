import { describe, expect, it, vi } from 'vitest';
import { expectations, pages, previews, retries } from './cases/again.cases.ts';
import { answers } from './cases/answers.cases.ts';
import { data } from './cases/data.cases.ts';
import { errors } from './cases/errors.cases.ts';
import { fields } from './cases/fields.cases.ts';
import { forms } from './cases/forms.cases.ts';
import { graphql } from './cases/graphql.cases.ts';
import { headers } from './cases/headers.cases.ts';
import { methods } from './cases/methods.cases.ts';
import { paths, queries } from './cases/paths.cases.ts';
import { shown } from './cases/shown.cases.ts';
import { check, inProcess, useWire } from './support/stage.ts';

vi.setConfig({ testTimeout: 20_000 });
const stage = useWire();

const subjects = {
  methods,
  paths,
  queries,
  headers,
  data,
  fields,
  forms,
  graphql,
  answers,
  shown,
  errors,
  retries,
  pages,
  expectations,
  previews,
};

describe.each(Object.entries(subjects))('%s', (_subject, cases) => {
  it.each(cases.map((each) => [each.what, each] as const))('%s', (_what, given) =>
    check(stage, given, inProcess(stage)),
  );
});

it('there are enough of them', () => {
  expect(Object.values(subjects).flat().length).toBeGreaterThan(100);
});

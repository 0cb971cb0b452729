import { expectations, pages, previews, repeats, retries } from './cases/again.cases.ts';
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
import type { WireCase } from './support/case.ts';

/** What was typed → the bytes that reached the upstream → what was printed. */
export const subjects: readonly (readonly [subject: string, cases: readonly WireCase[]])[] = [
  ['methods', methods],
  ['paths', paths],
  ['queries', queries],
  ['headers', headers],
  ['data', data],
  ['fields', fields],
  ['forms', forms],
  ['graphql', graphql],
  ['answers', answers],
  ['what is shown', shown],
  ['errors', errors],
  ['retries', retries],
  ['pages', pages],
  ['repeats', repeats],
  ['expectations', expectations],
  ['previews', previews],
];

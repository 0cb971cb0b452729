import type { App } from '../../app.ts';
import type { Expectations } from '../options.ts';
import { expectDuration } from './duration.ts';
import type { CheckedExpectations } from './expectations.ts';
import { expectTrue } from './expression.ts';
import { expectHeader } from './header.ts';
import { expectStatus, readStatuses } from './status.ts';

/** In the order of the help; a schema is read and compiled. */
export async function readAll(app: App, options: Expectations): Promise<CheckedExpectations> {
  const {
    expectStatus: statuses,
    expect = [],
    expectHeader: headers = [],
    expectSchema,
    maxDuration,
  } = options;
  const allowsStatus = statuses === undefined ? undefined : readStatuses(statuses);
  return {
    ...(allowsStatus === undefined ? {} : { allowsStatus }),
    all: [
      ...(allowsStatus === undefined ? [] : [expectStatus(statuses ?? '', allowsStatus)]),
      ...expect.map(expectTrue),
      ...headers.map(expectHeader),
      ...(expectSchema === undefined
        ? []
        : [await (await import('./schema.ts')).expectSchema(app, expectSchema)]),
      ...(maxDuration === undefined ? [] : [expectDuration(maxDuration)]),
    ],
  };
}

import type { App } from '../../app.ts';
import type { Violation } from '../../json/schema.ts';
import type { Answer } from '../answer/answer.ts';
import type { RequestOptions } from '../options.ts';

/** What is expected of an answer, read and checked before the call is made. */
export interface CheckedExpectations {
  /** Whether `--expect-status` allows a status; absent where it was not given. */
  allowsStatus?: (status: number) => boolean;
  all: readonly Expectation[];
}

export interface Expectation {
  /** What it fails with, if it does. */
  check(answer: Answer): Failure | undefined | Promise<Failure | undefined>;
  /** What to do where it is the first to fail. */
  hint: string;
}

/** An expectation that did not hold, in words for one line each. */
export interface Failure {
  /** As it was asked for: `--expect-status 2xx`. */
  expectation: string;
  expected: string;
  got: string;
  /** Of a schema. */
  violations?: readonly Violation[];
}

/** Throws a usage error for an expression that does not compile, a status that is none, a schema that cannot be read. */
export async function readExpectations(app: App, options: RequestOptions): Promise<CheckedExpectations> {
  const isAny = [options.failOn, options.next, options.items].some((expression) => expression !== undefined);
  if (isAny || options.expect !== undefined) {
    const { checkExpressions } = await import('./expression.ts');
    await checkExpressions(options);
  }
  const { expectStatus, expect, expectHeader, expectSchema, maxDuration } = options;
  const isExpecting = [expectStatus, expect, expectHeader, expectSchema, maxDuration].some(
    (option) => option !== undefined,
  );
  if (!isExpecting) return { all: [] };
  const { readAll } = await import('./read.ts');
  return readAll(app, options);
}

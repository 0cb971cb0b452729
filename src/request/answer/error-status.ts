import type { AnswerOptions, Expectations } from '../options.ts';

type StatusOptions = Pick<AnswerOptions, 'checkStatus'> & Pick<Expectations, 'expectStatus'>;

/** Whether any status is welcome: who expects certain ones, or asks not to look at it, takes whatever comes. */
export function takesAnyStatus({ checkStatus, expectStatus }: StatusOptions): boolean {
  return checkStatus === false || expectStatus !== undefined;
}

/** Whether an answer is not what was asked for: what it says is shown then, and neither saved nor filtered. */
export function isErrorStatus(status: number, options: StatusOptions): boolean {
  return status >= 400 && !takesAnyStatus(options);
}

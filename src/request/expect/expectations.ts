import type { App } from '../../app.ts';
import type { Expectations } from '../options.ts';

/** What is expected of an answer, read and checked before the call is made. */
export interface CheckedExpectations {
  status?: readonly string[];
}

export async function readExpectations(_app: App, _options: Expectations): Promise<CheckedExpectations> {
  return {};
}

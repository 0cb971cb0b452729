import type { GlobalOptions } from '../config/options.ts';
import type { RequestOptions } from './options.ts';

/** Throws a usage error for options that contradict each other, or that mean nothing without another. */
export function checkOptions(
  _words: readonly string[],
  _options: RequestOptions,
  _globalOptions: GlobalOptions,
): void {}

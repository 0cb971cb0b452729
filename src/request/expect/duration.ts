import type { Expectation } from './expectations.ts';

export function expectDuration(mostMs: number): Expectation {
  return {
    hint: 'See how the times are spread: the same with --repeat 20.',
    check: ({ durationMs }) =>
      durationMs <= mostMs
        ? undefined
        : {
            expectation: `--max-duration ${mostMs}`,
            expected: `at most ${mostMs} ms`,
            // 300.2 ms are not 300.
            got: `${Math.ceil(durationMs)} ms`,
          },
  };
}

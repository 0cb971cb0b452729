import { type ErrorKind, SkConnectError, withMessage } from '../../errors.ts';

/** What was wrong with calls, without holding on to each. */
export interface Faults {
  /** Throws at once what is no fault of an answer, as an expression that fails. */
  add(error: unknown): void;
  /** The gravest kind, told by its first: how many of `total` calls it was. */
  worst(total: number): SkConnectError | undefined;
}

/** As for a single answer: a refusal by Scalekit first, then what was expected, then what the provider said. */
const GRAVEST_FIRST: readonly ErrorKind[] = [
  'credentials',
  'account',
  'expectation',
  'upstream',
  'unreachable',
];

export function createFaults(): Faults {
  const byKind = new Map<ErrorKind, { count: number; first: SkConnectError }>();
  return {
    add: (error) => {
      if (!(error instanceof SkConnectError) || !GRAVEST_FIRST.includes(error.kind)) throw error;
      const known = byKind.get(error.kind);
      if (known === undefined) byKind.set(error.kind, { count: 1, first: error });
      else known.count++;
    },
    worst: (total) => {
      const kind = GRAVEST_FIRST.find((each) => byKind.has(each));
      const found = kind === undefined ? undefined : byKind.get(kind);
      if (found === undefined) return undefined;
      const { count, first } = found;
      // No answer is on stdout, where the hint about a single one sends people.
      const hint = first.kind === 'expectation' ? 'Leave --repeat out to see what is answered.' : first.hint;
      if (total === 1) return withMessage(first, first.message, hint);
      const howMany = `${count.toLocaleString('en')} of ${total.toLocaleString('en')} calls failed`;
      return withMessage(first, `${howMany}${count === 1 ? '' : '; the first'}: ${first.message}`, hint);
    },
  };
}

import { usageError } from '../../errors.ts';
import { statusOf } from '../answer/provider-error.ts';
import type { Expectation } from './expectations.ts';

type Range = readonly [first: number, last: number];

/** `200`, `2xx`, `200-299`, and lists of those. Throws a usage error for anything else. */
export function readStatuses(list: string): (status: number) => boolean {
  const ranges = list.split(',').map((item) => readRange(item.trim()));
  return (status) => ranges.some(([first, last]) => status >= first && status <= last);
}

export function expectStatus(list: string, allows: (status: number) => boolean): Expectation {
  return {
    hint: 'What was answered is on stdout; --include shows the headers too.',
    check: ({ response }) =>
      allows(response.status)
        ? undefined
        : { expectation: `--expect-status ${list}`, expected: list, got: statusOf(response) },
  };
}

function readRange(item: string): Range {
  const one = /^[1-9]\d\d$/.test(item) ? Number(item) : undefined;
  if (one !== undefined) return [one, one];
  const hundreds = /^([1-9])xx$/i.exec(item)?.[1];
  if (hundreds !== undefined) return [Number(hundreds) * 100, Number(hundreds) * 100 + 99];
  const [, first, last] = /^([1-9]\d\d)\s*-\s*([1-9]\d\d)$/.exec(item) ?? [];
  if (first !== undefined && last !== undefined && Number(first) <= Number(last))
    return [Number(first), Number(last)];
  throw usageError(
    `--expect-status ${JSON.stringify(item)} is no status`,
    'Write 200, 2xx, 200-299, or several of these with commas between.',
    { code: 'bad_status' },
  );
}

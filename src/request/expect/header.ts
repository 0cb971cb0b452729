import { usageError } from '../../errors.ts';
import { maskHeader } from '../../redact.ts';
import { line } from '../answer/provider-message.ts';
import type { Expectation } from './expectations.ts';

// RFC 9110 section 5.6.2.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const LONGEST_GOT = 200;

/** `K: V`, or `K` alone for any value. Of a repeated header one has to fit, or all of them as a list. */
export function expectHeader(text: string): Expectation {
  const colon = text.indexOf(':');
  const name = (colon < 0 ? text : text.slice(0, colon)).trim();
  const wanted = colon < 0 ? undefined : text.slice(colon + 1).trim();
  if (!NAME.test(name)) {
    throw usageError(
      `--expect-header ${JSON.stringify(text)} names no header`,
      "Write --expect-header 'Name: value', or the name alone.",
      { code: 'bad_header' },
    );
  }
  return {
    hint: 'See all of its headers with --include.',
    check: ({ response }) => {
      const values = response.headers
        .filter(([each]) => each.toLowerCase() === name.toLowerCase())
        .map(([, value]) => value);
      // RFC 9110 section 5.3: repeated ones are one list.
      const candidates = [...values, values.join(', ')];
      const isThere = values.length > 0 && candidates.some((value) => fits(name, value, wanted));
      if (isThere) return undefined;
      const shown = values.map((value) => maskHeader(name, value)).join(', ');
      return {
        expectation: `--expect-header '${text.trim()}'`,
        expected: wanted ?? 'any value',
        got: values.length === 0 ? 'no such header' : line(shown, LONGEST_GOT) || 'an empty value',
      };
    },
  };
}

/** Exactly, but for what a media type leaves open: its case, and parameters that were not asked for. */
function fits(name: string, value: string, wanted: string | undefined): boolean {
  if (wanted === undefined || value.trim() === wanted) return true;
  if (name.toLowerCase() !== 'content-type' || wanted.includes(';')) return false;
  return value.split(';', 1)[0]?.trim().toLowerCase() === wanted.toLowerCase();
}

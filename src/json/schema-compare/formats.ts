import { type Difference, valueDifference } from './difference.ts';
import { setDifferences } from './set-differences.ts';

/** What fits the one fits those beside it too. */
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  email: ['idn-email'],
  hostname: ['idn-hostname'],
  uri: ['iri', 'uri-reference', 'iri-reference'],
  iri: ['iri-reference'],
  'uri-reference': ['iri-reference'],
  int32: ['int64'],
  float: ['double'],
};

/** Formats are held to bind: a server may check them, and a model keeps to them. */
export function formatDifferences(before: readonly string[], after: readonly string[]): Difference[] {
  const [from, ...others] = before;
  const [to, ...more] = after;
  if (from === undefined || to === undefined || others.length + more.length > 0)
    return setDifferences('format', before, after, 'changed');
  if (from === to) return [];
  const message = `format ${from} → ${to}`;
  if (WITHIN[from]?.includes(to)) return [valueDifference('widened', message, from, to)];
  if (WITHIN[to]?.includes(from)) return [valueDifference('narrowed', message, from, to)];
  return [valueDifference('changed', message, from, to)];
}

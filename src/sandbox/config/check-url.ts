import { isLoopback } from '../../http/loopback.ts';
import type { Finding, PathKey } from './problems.ts';

/** With the placeholders filled by something harmless: a host for those in the host's place, a segment elsewhere. */
export function checkUrl(text: string, path: PathKey[]): Finding[] {
  const problem = urlProblem(text);
  return problem === undefined ? [] : [{ path, message: problem }];
}

function urlProblem(text: string): string | undefined {
  const sample = text.replace(/\{\{\s*[^{}\s]+\s*\}\}/g, 'localhost');
  if (/[{}]/.test(sample)) return 'has a brace that is no {{placeholder}}';
  if (!URL.canParse(sample)) return 'is not a URL';
  const url = new URL(sample);
  if (url.username !== '' || url.password !== '') return 'must not hold credentials';
  if (url.hash !== '') return 'must not have a fragment';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return undefined;
  return 'must be https:// (http:// on loopback only)';
}

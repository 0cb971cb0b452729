import { usageError } from '../../errors.ts';
import type { Content } from './content.ts';

/** `k=v` pairs as a form's body, encoded as URLSearchParams does. */
export function urlencodedContent(pairs: readonly string[]): Content {
  const text = new URLSearchParams(pairs.map(splitPair)).toString();
  const bytes = Buffer.from(text, 'latin1');
  return {
    body: { source: { kind: 'bytes', bytes }, data: bytes, contentType: 'application/x-www-form-urlencoded' },
  };
}

function splitPair(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=');
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  if (at === 0) throw usageError('a field of --urlencoded has no name', 'Write --urlencoded name=value.');
  throw usageError(
    `--urlencoded ${JSON.stringify(pair)} has no value`,
    `Write --urlencoded ${pair}=value, or ${pair}= for an empty one.`,
  );
}

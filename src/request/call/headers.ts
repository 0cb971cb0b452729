import { usageError } from '../../errors.ts';
import type { HeaderList } from '../../http/headers.ts';
import type { Body } from './content.ts';

/** `K: V`, or `K:` for an empty value. What must not be sent is refused with the whole call. */
export function parseHeader(header: string): [name: string, value: string] {
  const at = header.indexOf(':');
  if (at < 1) {
    // What stands behind the name may be a key.
    const [name = ''] = /^[\w-]*/.exec(header) ?? [];
    throw usageError(
      `the header ${JSON.stringify(name === header ? header : `${name}…`)} has no name and value`,
      'Write -H "Name: value".',
    );
  }
  return [header.slice(0, at).trim(), header.slice(at + 1).trim()];
}

/** With the type of the body, unless one was given: the SDK would call it a form. A multipart's has the boundary. */
export function withContentType(headers: HeaderList, body: Body | undefined): HeaderList {
  if (body?.contentType === undefined) return headers;
  const others = headers.filter(([name]) => name.toLowerCase() !== 'content-type');
  if (others.length < headers.length && body.source.kind !== 'multipart') return headers;
  return [...others, ['content-type', body.contentType]];
}

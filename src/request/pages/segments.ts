/** Where a link's path ends with a path that was called: what stands before it, and the link's own spelling of it. */
export function tailOf(link: string, called: string): { before: string; path: string } | undefined {
  const all = segmentsOf(link);
  const wanted = segmentsOf(called);
  // Every path ends with no segments: that would prove nothing.
  if (wanted.length === 0) return all.length === 0 ? { before: '', path: '/' } : undefined;
  const at = all.length - wanted.length;
  if (at < 0 || !isSame(all.slice(at), wanted)) return undefined;
  return { before: joined(all.slice(0, at)), path: joined(all.slice(at)) + slashAtEnd(link) };
}

/** What stands behind a prefix, beginning with a slash; undefined where the path is not below it. */
export function under(path: string, prefix: string): string | undefined {
  const start = segmentsOf(prefix);
  const all = segmentsOf(path);
  if (!isSame(all.slice(0, start.length), start)) return undefined;
  const rest = all.slice(start.length);
  return rest.length === 0 ? '/' : joined(rest) + slashAtEnd(path);
}

/** What a relative path is put behind (RFC 3986 section 5.2.3). */
export function startOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function segmentsOf(path: string): string[] {
  const bare = path.replace(/^\//, '').replace(/\/$/, '');
  return bare === '' ? [] : bare.split('/');
}

function joined(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment}`).join('');
}

function slashAtEnd(path: string): string {
  return path.endsWith('/') ? '/' : '';
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return (
    some.length === others.length && some.every((each, index) => decode(each) === decode(others[index] ?? ''))
  );
}

/** `%7E` is `~`. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

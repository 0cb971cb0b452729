/** A JSON pointer (RFC 6901 section 3): empty for the whole. */
export function pointerTo(...path: readonly unknown[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What a segment of a pointer names, without the slash before it (section 4). */
export function unescapeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

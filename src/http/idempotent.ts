/** RFC 9110 section 9.2.2, and of WebDAV's methods the safe ones (RFC 4918, 3253, 5323). */
const IDEMPOTENT = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'TRACE',
  'PROPFIND',
  'REPORT',
  'SEARCH',
]);

/** Whether sending a call twice does no more than sending it once. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method.toUpperCase());
}

/** Whether a segment of a path looks like it names one thing of many: `42`, `C024BE91L`, a UUID, an e-mail address. */
export function looksLikeId(segment: string): boolean {
  if (/^\d{4}-\d{2}(-\d{2})?$/.test(segment)) return false;
  if (/^\d+$/.test(segment) || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(segment)) return true;
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(segment)) return true;
  const digits = segment.replace(/\D/g, '').length;
  return segment.length >= 8 && digits >= 2 && /^[A-Za-z0-9_-]+$/.test(segment);
}

const compiled = new Map<string, RegExp | undefined>();

/** Whether a text matches a schema's pattern; undefined where that is no regular expression. */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  return compiled.get(pattern)?.test(text);
}

/** As ajv does: with Unicode, and without where that is not understood. */
function compile(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // The next flags, or none.
    }
  }
  return undefined;
}

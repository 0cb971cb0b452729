/** In the order and spelling they came in, repeated ones repeated. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** The value of a header, by its lower-case name; repeated ones joined as RFC 9110 §5.3 allows. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

/** By lower-case name; a repeated one is a list. */
export function headersByName(headers: HeaderList): Record<string, string | string[]> {
  const byName = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), value]);
  }
  return Object.fromEntries(
    [...byName].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

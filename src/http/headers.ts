/** In the order and spelling they came in, repeated ones repeated. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** The value of a header, by its lower-case name; repeated ones joined as RFC 9110 §5.3 allows. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

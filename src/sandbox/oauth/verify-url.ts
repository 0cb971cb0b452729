import { invalidArgument } from '../refusal.ts';

const FIELD = 'user_verify_url';
const LONGEST_URL = 2000;

/** A place that a browser can be sent to; none for an empty one. That it is http or https is one of the SDK's own rules. Throws a Refusal. */
export function requireVerifyUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (text.length > LONGEST_URL) throw invalidArgument(FIELD, `is longer than ${LONGEST_URL} characters`);
  if (!URL.canParse(text)) throw invalidArgument(FIELD, 'is not a URL');
  const { username, password, href } = new URL(text);
  if (username !== '' || password !== '') throw invalidArgument(FIELD, 'must not hold credentials');
  return href;
}

import { invalidArgument } from '../refusal.ts';

const FIELD = 'user_verify_url';
const LONGEST_URL = 2000;

/** A place that a browser can be sent to; none for an empty one. Throws a Refusal. */
export function requireVerifyUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (text.length > LONGEST_URL) throw invalidArgument(FIELD, `is longer than ${LONGEST_URL} characters`);
  if (!URL.canParse(text)) throw invalidArgument(FIELD, 'is not an absolute URL');
  const { protocol, username, password, href } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw invalidArgument(FIELD, 'must be https:// or http://');
  if (username !== '' || password !== '') throw invalidArgument(FIELD, 'must not hold credentials');
  return href;
}

import { usageError } from '../errors.ts';
import { isLoopback } from '../http/loopback.ts';

const EXAMPLE = 'It looks like https://your-app.scalekit.dev (app.scalekit.com → Developers → Settings).';

/**
 * The environment's origin, without a trailing slash. The SDK takes anything and fails later and
 * elsewhere: a missing scheme throws `Invalid URL`, a path or query gives 404s.
 * Throws a usage error that names `source`, the flag or variable that the value came from.
 */
export function normalizeEnvUrl(value: string, source: string, insecureHttp = false): string {
  const text = value.trim();
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw usageError(
      `${source} has no scheme: ${text}`,
      `Write https://${text.replace(/^\/+/, '')}. ${EXAMPLE}`,
    );
  }
  if (!URL.canParse(text)) throw usageError(`${source} is not a URL: ${text}`, EXAMPLE);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw usageError(`${source} is not an https:// URL: ${text}`, EXAMPLE);
  }
  if (url.username || url.password) {
    throw usageError(
      `${source} carries a user name or password`,
      'The client id and secret come from SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET.',
    );
  }
  if (url.pathname !== '/' || url.search || url.hash) {
    throw usageError(
      `${source} must be the environment's origin, without a path: ${text}`,
      `Write ${url.origin}.`,
    );
  }
  if (url.protocol === 'http:' && !insecureHttp && !isLoopback(url.hostname)) {
    throw usageError(
      `${source} is http://, which would send the client secret in the clear: ${text}`,
      `Write https://${url.host}, or pass --insecure-http if you mean it.`,
    );
  }
  return url.origin;
}

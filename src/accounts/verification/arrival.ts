import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../../http/loopback.ts';
import { sameText } from '../../http/same-text.ts';

/** What a request to the listener is: the user's browser, with what Scalekit sent it back with, or nothing to believe. */
export type Arrival =
  | { kind: 'authorized'; authRequestId: string }
  | { kind: 'failed'; error: string; description: string | undefined }
  | { kind: 'refused'; status: 400 | 403 | 404 | 405; why: string };

export const ARRIVAL_PATH = '/verify';

interface Request {
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingHttpHeaders;
}

/** Judges a request. Only with the right `state` is it believed, an error no less than a success. */
export function judgeArrival({ method, url = '', headers }: Request, state: string): Arrival {
  if (!isOwnHost(headers.host)) return refused(403, 'This address is not its own.');
  const target = URL.canParse(url, 'http://127.0.0.1') ? new URL(url, 'http://127.0.0.1') : undefined;
  if (target?.pathname !== ARRIVAL_PATH) return refused(404, 'There is no such page.');
  if (method !== 'GET') return refused(405, 'This page is only read.');
  if (!isNavigation(headers)) return refused(403, 'This page is not for other pages to load.');
  const parameters = target.searchParams;
  if (!sameText(only(parameters, 'state') ?? '', state)) {
    return refused(403, 'This does not belong to the authorization that sk-connect waits for.');
  }
  const error = only(parameters, 'error');
  if (error)
    return { kind: 'failed', error, description: only(parameters, 'error_description') || undefined };
  const authRequestId = only(parameters, 'auth_request_id');
  if (authRequestId) return { kind: 'authorized', authRequestId };
  return refused(400, 'It lacks the auth_request_id that Scalekit sends along.');
}

function refused(status: 400 | 403 | 404 | 405, why: string): Arrival {
  return { kind: 'refused', status, why };
}

/** A page elsewhere can have a name of its own lead to 127.0.0.1; the browser then says that name. */
function isOwnHost(host: string | undefined): boolean {
  return (
    host !== undefined && URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname)
  );
}

/** Browsers say what they load something for (https://www.w3.org/TR/fetch-metadata/): not into a frame, not as an image, not ahead of time. */
function isNavigation(headers: IncomingHttpHeaders): boolean {
  const says = (name: string, expected: string) => (headers[name] ?? expected) === expected;
  const purpose = headers['sec-purpose'] ?? headers['purpose'] ?? '';
  return says('sec-fetch-dest', 'document') && says('sec-fetch-mode', 'navigate') && purpose === '';
}

/** Given twice it is given by two. */
function only(parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

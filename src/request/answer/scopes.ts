import { type HeaderList, headerValue } from '../../http/headers.ts';
import { isJsonObject } from '../../json/object.ts';
import { line } from './provider-message.ts';

export interface MissingScopes {
  /** As the provider lists them. */
  needed: string;
  /** What the account has, where the provider says so. */
  granted?: string;
}

/** The scopes for want of which a call was refused, as headers or body tell them. */
export function missingScopes(headers: HeaderList, body: unknown): MissingScopes | undefined {
  const found = fromChallenge(headers) ?? fromGitHub(headers) ?? fromSlack(body) ?? fromHubSpot(body);
  if (found === undefined) return undefined;
  const { needed, granted } = found;
  return { needed: line(needed), ...(granted === undefined ? {} : { granted: line(granted) }) };
}

/** RFC 6750 section 3: `Bearer error="insufficient_scope", scope="a b"`. */
function fromChallenge(headers: HeaderList): MissingScopes | undefined {
  const challenge = challengeOf(headers);
  const scope = parameter(challenge, 'scope');
  return scope !== undefined && parameter(challenge, 'error') === 'insufficient_scope'
    ? { needed: scope }
    : undefined;
}

/** What a challenge says went wrong: `error_description`, or `error` alone. */
export function challengeMessage(headers: HeaderList): string | undefined {
  const challenge = challengeOf(headers);
  return parameter(challenge, 'error_description') ?? parameter(challenge, 'error');
}

function challengeOf(headers: HeaderList): string {
  return headerValue(headers, 'www-authenticate') ?? '';
}

/** RFC 9110 section 5.6.6: a token, or a quoted string. */
function parameter(challenge: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,"]+))`, 'i').exec(challenge);
  const value = match?.[1] ?? match?.[2];
  return value === '' ? undefined : value;
}

/** https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api: any one of those accepted will do. */
function fromGitHub(headers: HeaderList): MissingScopes | undefined {
  const accepted = list(headerValue(headers, 'x-accepted-oauth-scopes'));
  const granted = headerValue(headers, 'x-oauth-scopes')?.trim();
  if (accepted.length > 0 && !accepted.some((scope) => list(granted).includes(scope))) {
    return { needed: accepted.join(' or '), ...(granted ? { granted } : {}) };
  }
  const permissions = headerValue(headers, 'x-accepted-github-permissions')?.trim();
  return permissions ? { needed: permissions } : undefined;
}

function fromSlack(body: unknown): MissingScopes | undefined {
  if (!isJsonObject(body)) return undefined;
  const { needed, provided } = body;
  if (typeof needed !== 'string' || needed === '') return undefined;
  return { needed, ...(typeof provided === 'string' && provided !== '' ? { granted: provided } : {}) };
}

/** https://developers.hubspot.com/docs/api-reference/error-handling. */
function fromHubSpot(body: unknown): MissingScopes | undefined {
  if (!isJsonObject(body)) return undefined;
  for (const error of [body, ...(Array.isArray(body['errors']) ? body['errors'] : [])]) {
    const context: unknown = isJsonObject(error) ? error['context'] : undefined;
    if (!isJsonObject(context)) continue;
    const scopes = context['requiredGranularScopes'] ?? context['requiredScopes'] ?? context['missingScopes'];
    if (Array.isArray(scopes) && scopes.length > 0) return { needed: scopes.map(String).join(', ') };
  }
  return undefined;
}

function list(scopes: string | undefined): string[] {
  return (scopes ?? '').split(',').flatMap((scope) => (scope.trim() === '' ? [] : [scope.trim()]));
}

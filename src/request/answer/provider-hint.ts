import { authorizeCommand } from '../../accounts/active.ts';
import type { App } from '../../app.ts';
import { headerValue } from '../../http/headers.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import { inWords } from '../retry/duration.ts';
import type { ProviderError } from './provider-error.ts';
import { line } from './provider-message.ts';

/** The one best thing to do about a provider's error. */
export function providerHint(app: App, key: AccountKey, error: ProviderError): string {
  return waitHint(error) ?? scopesHint(app, key, error) ?? statusHint(app, key, error);
}

function waitHint({ response, wait }: ProviderError): string | undefined {
  if (wait?.askedBy === undefined) return undefined;
  const asked = line(headerValue(response.headers, wait.askedBy.toLowerCase()) ?? '', 100);
  const retry = response.attempts === undefined ? ', or let --retry 3 wait' : '';
  return `Wait ${inWords(wait.durationMs)} before the next try${retry} (${wait.askedBy}: ${asked}).`;
}

/** What lacks a scope: GitHub sends the scopes with every answer, and hides what may not be seen behind a 404. */
const ABOUT_SCOPES = new Set([200, 401, 403, 404]);

function scopesHint(app: App, key: AccountKey, { response, scopes }: ProviderError): string | undefined {
  if (scopes === undefined || !ABOUT_SCOPES.has(response.status)) return undefined;
  const granted = scopes.granted === undefined ? '' : `; the account has ${scopes.granted}`;
  const needs = response.status === 404 ? 'If it exists, it needs' : 'It needs';
  return `${needs} the scope ${scopes.needed}${granted}. Add it to the connection's scopes, then authorize again: ${reauthorize(app, key)}`;
}

function statusHint(app: App, key: AccountKey, { response, requestId, docs }: ProviderError): string {
  const { status, headers } = response;
  const seeDocs = docs === undefined ? undefined : `See ${docs}`;
  switch (status) {
    case 401:
      return `It did not accept the account's credentials. Authorize again: ${reauthorize(app, key)}`;
    case 403:
      return `The account may not do this. If scopes are missing, add them to the connection and authorize again: ${reauthorize(app, key)}`;
    case 404:
      return `The path goes behind the connector's base URL: look it up in ${docs ?? "the provider's API reference"}`;
    case 405:
      return allowHint(headerValue(headers, 'allow'));
    case 406:
      return seeDocs ?? "Name a type that it can answer with: -H 'accept: …'";
    case 415:
      return seeDocs ?? "Name the type that it takes: -H 'content-type: …'";
    case 429:
      return `It limits the rate, and does not say for how long: wait${response.attempts === undefined ? ', or let --retry 5 do so' : ''}.`;
    case 501:
      return seeDocs ?? LOOK;
    default:
      return mayPass(status) ? passingHint(response.attempts, requestId) : (seeDocs ?? LOOK);
  }
}

const LOOK = 'Look at what was sent: the same with --dry-run.';
const mayPass = (status: number) => status === 408 || status === 425 || status >= 500;

function allowHint(allow: string | undefined): string {
  return allow === undefined || allow.trim() === ''
    ? 'Another method may be allowed there: name it with -X.'
    : `Allowed there: ${line(allow, 100)}. Name one with -X.`;
}

function passingHint(attempts: number | undefined, requestId: string | undefined): string {
  if (attempts === undefined) return 'It may pass: try again, or let --retry 3 do so.';
  if (attempts === 1) return 'It may pass: try again.';
  return requestId === undefined
    ? "It did not pass: look at the provider's status page."
    : `It did not pass: ask the provider's support about request ${requestId}.`;
}

function reauthorize(app: App, key: AccountKey): string {
  return `${authorizeCommand(app, key)} --force`;
}

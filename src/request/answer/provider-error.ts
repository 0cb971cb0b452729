import { isJsonObject } from '../../json/object.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import { type Wait, waitBeforeRetry } from '../retry/wait.ts';
import type { SentResponse } from '../send.ts';
import type { Answer } from './answer.ts';
import { errorValue, line, messageFrom } from './provider-message.ts';
import { requestIdOf } from './request-id.ts';
import { challengeMessage, type MissingScopes, missingScopes } from './scopes.ts';

/** What is longer than this is data, whatever its status. */
const MOST_BYTES = 1024 * 1024;

/** What there is to tell about an answer that is an error. */
export interface ProviderError {
  response: SentResponse;
  /** What the provider said. */
  message: string | undefined;
  requestId: string | undefined;
  /** How long it asks to wait. */
  wait: Wait | undefined;
  scopes: MissingScopes | undefined;
  /** The page that explains it. */
  docs: string | undefined;
}

export async function readProviderError({
  response,
  body,
}: Pick<Answer, 'response' | 'body'>): Promise<ProviderError> {
  const { status, headers } = response;
  const value = body.length > MOST_BYTES ? undefined : await errorValue(response, body);
  const challenge = status === 401 || status === 403 ? challengeMessage(headers) : undefined;
  const wait = waitBeforeRetry(response, 1, { now: Date.now(), random: 0 });
  return {
    response,
    message: messageFrom(response, value) ?? (challenge === undefined ? undefined : line(challenge)),
    requestId: requestIdOf(headers),
    wait: wait.askedBy === undefined ? undefined : wait,
    scopes: missingScopes(headers, value),
    docs: docsOf(value),
  };
}

/** `404 Not Found (tried 3 times): There is no note nowhere. [request id 7]`. */
export function errorLine({ response, message, requestId }: ProviderError): string {
  const { attempts = 1 } = response;
  const tried = attempts === 1 ? '' : ` (tried ${attempts} times)`;
  return `${statusOf(response)}${tried}${message === undefined ? '' : `: ${message}`}${idSuffix(requestId)}`;
}

export function idSuffix(requestId: string | undefined): string {
  return requestId === undefined ? '' : ` [request id ${requestId}]`;
}

export function statusOf({ status, statusText }: Pick<ProxyResponse, 'status' | 'statusText'>): string {
  return line(`${status} ${statusText}`, 100);
}

/** For programs, under `--json`. */
export function errorDetails({ message, requestId, wait }: ProviderError) {
  return {
    providerMessage: message ?? null,
    requestId: requestId ?? null,
    /** In seconds. */
    retryAfter: wait === undefined ? null : Math.ceil(wait.durationMs / 1000),
  };
}

// GitHub, Stripe, Twilio, Box, problem+json, and what is common beside them.
const DOCS = [
  'documentation_url',
  'doc_url',
  'more_info',
  'help_url',
  'documentation',
  'docs',
  'help',
  'type',
];

/** ASP.NET and others put the definition of the status there. */
const SAYS_NOTHING =
  /^https:\/\/([\w.]+\.)?(ietf\.org|rfc-editor\.org|httpstatuses\.(com|io)|mozilla\.org)\//;

function docsOf(value: unknown, depth = 0): string | undefined {
  if (Array.isArray(value)) return depth < 3 ? docsOf(value[0], depth + 1) : undefined;
  if (!isJsonObject(value)) return undefined;
  for (const name of DOCS) {
    const url = value[name];
    if (
      typeof url === 'string' &&
      !SAYS_NOTHING.test(url) &&
      /^https:\/\/[\w.-]+\/[^\s<>"]{1,300}$/.test(url)
    )
      return line(url);
  }
  return depth < 3 ? (docsOf(value['error'], depth + 1) ?? docsOf(value['errors'], depth + 1)) : undefined;
}

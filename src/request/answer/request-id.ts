import { type HeaderList, headerValue } from '../../http/headers.ts';
import { line } from './provider-message.ts';

// What support asks for first. Ids of a CDN in front of the API come last.
const HEADERS = [
  'x-request-id',
  'x-github-request-id',
  // Stripe, Heroku, Microsoft Graph, Anthropic.
  'request-id',
  'x-slack-req-id',
  'x-amzn-requestid',
  'x-amz-request-id',
  'x-ms-request-id',
  'x-notion-request-id',
  'x-hubspot-correlation-id',
  'x-zendesk-request-id',
  'x-dropbox-request-id',
  'twilio-request-id',
  'x-shopify-request-id',
  // Atlassian.
  'atl-traceid',
  'x-arequestid',
  'x-fb-trace-id',
  'sfdc-request-id',
  'x-linkedin-id',
  'x-goog-request-id',
  'x-guploader-uploadid',
  'x-correlation-id',
  'x-trace-id',
  'cf-ray',
];

/** The id under which the provider knows the request. */
export function requestIdOf(headers: HeaderList): string | undefined {
  for (const name of HEADERS) {
    const value = headerValue(headers, name)?.trim();
    if (value !== undefined && value !== '') return line(value, 100);
  }
  return undefined;
}

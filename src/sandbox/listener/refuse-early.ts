import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import { toConnectError } from '../grpc/refusals.ts';
import { Refusal } from '../refusal.ts';
import { refuse } from '../refuse.ts';

/** Answers a request that nobody handles, in the protocol it came in. */
export function refuseEarly(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (!isGrpc(request)) {
    refuse(response, refusal);
    return;
  }
  const headers = new Headers({ 'content-type': 'application/grpc' });
  setTrailerStatus(headers, toConnectError(refusal));
  response.writeHead(200, Object.fromEntries(headers)).end();
}

export function isGrpc({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('application/grpc') ?? false;
}

/** Of gRPC's clients some try again by themselves after UNAVAILABLE, which is what there is too much of. */
export function tooManyAtOnce(request: IncomingMessage, most: number): Refusal {
  const message = `the sandbox answers ${most} requests at once: try again when some are done`;
  const code = isGrpc(request) ? 'resource_exhausted' : 'unavailable';
  return new Refusal(code, 'TOO_MANY_REQUESTS_AT_ONCE', message, { retryAfterSeconds: 1 });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { systemErrorCode } from '../errors.ts';
import type { EnvironmentToken } from './environment-token.ts';
import { toolErrorOf } from './tool-error.ts';
import { type Trace, traceAttempt } from './trace.ts';

const MOST_ATTEMPTS = 3;
const FIRST_BACKOFF_MS = 150;

/**
 * How often a gRPC call is sent, in place of the SDK's own policy (which repeats `executeTool` and waits
 * seconds for a refused connection):
 * - reads up to three times while Scalekit is unavailable, inside the call's deadline;
 * - writes once, and once more if the token was refused, as nothing was done then;
 * - ExecuteTool exactly once, with a token that is known to be good.
 */
export function attempts(token: EnvironmentToken, trace: Trace): Interceptor {
  return (next) => async (request) => {
    const { name } = request.method;
    const isRead = /^(List|Search|Get)/.test(name);
    const isOnce = name === 'ExecuteTool';
    let isRenewed = false;
    for (let attempt = 1; ; attempt++) {
      const accessToken = await token.current({ proven: isOnce });
      request.header.set('authorization', `Bearer ${accessToken}`);
      const call = `${request.service.typeName}/${name}`;
      const traced = traceAttempt(trace, { protocol: 'grpc', call, attempt });
      try {
        const response = await next(request);
        traced.answered('OK');
        token.accepted(accessToken);
        return response;
      } catch (error) {
        const failure = ConnectError.from(error);
        traced.failed(`${Code[failure.code]}: ${failure.rawMessage}`);
        if (isTokenRefused(failure)) {
          await token.refused(accessToken);
          if (isRenewed || isOnce) throw error;
          isRenewed = true;
        } else if (isRead && attempt < MOST_ATTEMPTS && isPassing(failure)) {
          const backoffMs = FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
          await sleep(backoffMs, undefined, { signal: request.signal });
        } else {
          throw error;
        }
      }
    }
  };
}

function isTokenRefused(failure: ConnectError): boolean {
  // A tool's own 401 travels under the same code, and says nothing about the environment's token.
  return failure.code === Code.Unauthenticated && toolErrorOf(failure) === undefined;
}

/** Nobody listening or no such name will not change within a second: it is told at once. */
function isPassing(failure: ConnectError): boolean {
  if (failure.code !== Code.Unavailable || toolErrorOf(failure) !== undefined) return false;
  const systemCode = systemErrorCode(failure);
  return systemCode === undefined || systemCode === 'ECONNRESET' || systemCode === 'EPIPE';
}

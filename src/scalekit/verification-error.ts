import { Code, ConnectError } from '@connectrpc/connect';
import { SkConnectError } from '../errors.ts';

/**
 * What a refused verification means for its account. Two gRPC codes mean something else here than they do elsewhere: the credentials
 * are good, and no name is mistyped.
 */
export function verificationError(error: unknown, identifier: string): unknown {
  if (!(error instanceof SkConnectError) || !(error.cause instanceof ConnectError)) return error;
  const { code: grpcCode, rawMessage } = error.cause;
  const refused = (code: string, httpStatus: number, why: string) =>
    new SkConnectError('account', `${why} (${Code[grpcCode]}: ${rawMessage})`, {
      code,
      httpStatus,
      details: error.details,
      cause: error,
    });
  if (grpcCode === Code.PermissionDenied) {
    return refused('verification_refused', 403, `Scalekit does not take the user for ${identifier}`);
  }
  if (grpcCode === Code.NotFound) {
    return refused(
      'verification_not_found',
      404,
      'the authorization to verify is unknown or was verified before',
    );
  }
  return error;
}

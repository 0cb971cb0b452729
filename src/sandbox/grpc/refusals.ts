import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { ErrorInfoSchema } from '../descriptors.ts';
import { Refusal, type RefusalCode } from '../refusal.ts';

const CODES: Record<RefusalCode, Code> = {
  cancelled: Code.Canceled,
  invalid_argument: Code.InvalidArgument,
  unauthenticated: Code.Unauthenticated,
  permission_denied: Code.PermissionDenied,
  not_found: Code.NotFound,
  already_exists: Code.AlreadyExists,
  failed_precondition: Code.FailedPrecondition,
  resource_exhausted: Code.ResourceExhausted,
  unavailable: Code.Unavailable,
  deadline_exceeded: Code.DeadlineExceeded,
  internal: Code.Internal,
  aborted: Code.Aborted,
  out_of_range: Code.OutOfRange,
  unimplemented: Code.Unimplemented,
  data_loss: Code.DataLoss,
  unknown: Code.Unknown,
};

/** Every refusal carries an ErrorInfo detail, as Scalekit's do; anything else that was thrown says nothing of its inside. */
export const spellRefusals: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    throw toConnectError(error);
  }
};

export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  if (!(error instanceof Refusal)) return new ConnectError('internal error', Code.Internal);
  const { violations, toolError, retryAfterSeconds, fault } = error.details;
  const metadata = {
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(fault !== undefined && { 'x-sandbox-fault': fault }),
  };
  const value = {
    errorCode: error.errorCode,
    ...(violations && {
      validationErrorInfo: { fieldViolations: violations.map((one) => ({ ...one, constraint: '' })) },
    }),
    ...(toolError && { toolErrorInfo: toolError }),
  };
  const detail = { desc: ErrorInfoSchema, value: create(ErrorInfoSchema, value) };
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- connect's type stands for every message there is
  return new ConnectError(error.message, CODES[error.code], metadata, [detail]);
}

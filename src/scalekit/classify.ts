import { Code, ConnectError } from '@connectrpc/connect';
import { type ErrorKind, messageOf, SkConnectError, systemErrorCode } from '../errors.ts';
import { ErrorInfoSchema } from './sdk.ts';
import { toolErrorOf } from './tool-error.ts';

export interface Whereabouts {
  /** The environment that was spoken to. */
  envUrl: string;
}

/**
 * Any failure of a call to Scalekit as one of the kinds that have an exit code. Looks at classes, gRPC
 * codes, error details and system error codes, never at message text.
 */
export function classify(error: unknown, where: Whereabouts): SkConnectError {
  const known = findCause(error, (cause) => cause instanceof SkConnectError);
  if (known !== undefined) return known;
  const connectError = findCause(error, (cause) => cause instanceof ConnectError);
  const systemCode = systemErrorCode(error);
  if (systemCode !== undefined && connectError?.code !== Code.DeadlineExceeded) {
    return unreachable(error, systemCode, where);
  }
  if (connectError !== undefined) return classifyConnectError(connectError, where);
  return new SkConnectError('bug', messageOf(error), { cause: error });
}

function findCause<E extends Error>(error: unknown, is: (cause: Error) => cause is E): E | undefined {
  for (
    let current = error, depth = 0;
    current instanceof Error && depth < 8;
    current = current.cause, depth++
  ) {
    if (is(current)) return current;
  }
  return undefined;
}

function classifyConnectError(error: ConnectError, where: Whereabouts): SkConnectError {
  const tool = toolErrorOf(error)?.toolErrorInfo;
  if (tool !== undefined) {
    const { toolErrorCode, toolErrorMessage, executionId } = tool;
    const message = toolErrorMessage || error.rawMessage;
    return new SkConnectError(
      'upstream',
      `the tool failed: ${[toolErrorCode, message].filter(Boolean).join(': ')}`,
      {
        code: 'tool_error',
        hint: executionId
          ? `Quote execution id ${executionId} when you ask about it.`
          : 'Check the input against the tool’s schema: sk-connect tools list --json',
        details: { toolErrorCode, toolErrorMessage, executionId },
        cause: error,
      },
    );
  }
  const { kind, code, hint } = connectKinds[error.code] ?? SCALEKIT_FAILED;
  return new SkConnectError(kind, `${what(kind, error)}${requestId(error)}`, {
    code,
    hint: hint(where),
    details: { grpcCode: Code[error.code], errorCode: error.findDetails(ErrorInfoSchema)[0]?.errorCode },
    cause: error,
  });
}

function what(kind: ErrorKind, error: ConnectError): string {
  const answer = `${Code[error.code]}: ${error.rawMessage}`;
  if (kind === 'credentials') return `Scalekit refused the call (${answer})`;
  if (kind === 'unreachable') return `Scalekit did not answer (${answer})`;
  return `Scalekit answered ${answer}`;
}

function requestId(error: ConnectError): string {
  const id = error.metadata.get('x-request-id');
  return id ? ` [request id ${id}]` : '';
}

interface ConnectKind {
  kind: ErrorKind;
  code: string;
  hint: (where: Whereabouts) => string;
}

const SCALEKIT_FAILED: ConnectKind = {
  kind: 'upstream',
  code: 'scalekit_error',
  hint: () => 'Run it again with -v to see each attempt.',
};

const REFUSED: ConnectKind = {
  kind: 'credentials',
  code: 'credentials_refused',
  hint: ({ envUrl }) => `Check that SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET belong to ${envUrl}.`,
};

const connectKinds: Partial<Record<Code, ConnectKind>> = {
  [Code.Unauthenticated]: REFUSED,
  [Code.PermissionDenied]: REFUSED,
  [Code.NotFound]: {
    kind: 'usage',
    code: 'not_found',
    hint: () => 'Names must match exactly: sk-connect connections lists them.',
  },
  [Code.Unavailable]: {
    kind: 'unreachable',
    code: 'unavailable',
    hint: () => 'Try again in a moment; -v shows each attempt.',
  },
  [Code.DeadlineExceeded]: {
    kind: 'unreachable',
    code: 'timeout',
    hint: () => 'Allow more time with --timeout SECONDS, or try again.',
  },
  [Code.Canceled]: { kind: 'unreachable', code: 'canceled', hint: () => 'Try again.' },
};

const systemFailures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'its name does not resolve',
  EAI_AGAIN: 'its name does not resolve (no DNS answer)',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the connection timed out',
  ECONNABORTED: 'it took too long to answer',
  EHOSTUNREACH: 'no route leads there',
  ENETUNREACH: 'the network is unreachable',
};

function unreachable(error: unknown, systemCode: string, { envUrl }: Whereabouts): SkConnectError {
  const reason = systemFailures[systemCode] ?? `${systemCode}: ${messageOf(error)}`;
  const timedOut = systemCode === 'ETIMEDOUT' || systemCode === 'ECONNABORTED';
  const certificate = /CERT|SSL|TLS|SIGNATURE/.test(systemCode);
  return new SkConnectError('unreachable', `cannot reach ${envUrl}: ${reason}`, {
    code: timedOut ? 'timeout' : 'unreachable',
    hint: certificate
      ? 'Behind a TLS-inspecting proxy, point NODE_EXTRA_CA_CERTS at its certificate.'
      : 'Check SCALEKIT_ENV_URL and your network; -v shows each attempt.',
    cause: error,
  });
}

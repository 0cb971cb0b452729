import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { exitCodes, SkConnectError } from '../../src/errors.ts';
import { classify } from '../../src/scalekit/classify.ts';
import { toolError } from './answers.ts';
import { clientOf, executeTool, failureOf, reads } from './client.ts';
import { scriptedServer } from './scripted-server.ts';

async function failureOfListing(code: Code, metadata?: Record<string, string>): Promise<unknown> {
  const server = await scriptedServer({
    tools: {
      listTools: () => {
        throw new ConnectError('because', code, metadata);
      },
    },
  });
  return failureOf(reads.ListTools(clientOf(server.origin)));
}

describe('a gRPC code', () => {
  it.each([
    [Code.Canceled, 'unreachable', 'canceled'],
    [Code.Unknown, 'upstream', 'scalekit_error'],
    [Code.InvalidArgument, 'upstream', 'scalekit_error'],
    [Code.DeadlineExceeded, 'unreachable', 'timeout'],
    [Code.NotFound, 'usage', 'not_found'],
    [Code.AlreadyExists, 'upstream', 'scalekit_error'],
    [Code.PermissionDenied, 'credentials', 'credentials_refused'],
    [Code.ResourceExhausted, 'upstream', 'scalekit_error'],
    [Code.FailedPrecondition, 'upstream', 'scalekit_error'],
    [Code.Aborted, 'upstream', 'scalekit_error'],
    [Code.OutOfRange, 'upstream', 'scalekit_error'],
    [Code.Unimplemented, 'upstream', 'scalekit_error'],
    [Code.Internal, 'upstream', 'scalekit_error'],
    [Code.Unavailable, 'unreachable', 'unavailable'],
    [Code.DataLoss, 'upstream', 'scalekit_error'],
    [Code.Unauthenticated, 'credentials', 'credentials_refused'],
  ] as const)('%i becomes %s (%s)', async (grpcCode, kind, code) => {
    const failure = await failureOfListing(grpcCode);
    expect(failure).toBeInstanceOf(SkConnectError);
    expect(failure).toMatchObject({
      kind,
      code,
      exitCode: exitCodes[kind],
      hint: expect.any(String) as unknown,
      message: expect.stringContaining(`${Code[grpcCode]}: because`) as unknown,
      details: { grpcCode: Code[grpcCode] },
    });
  });

  it('comes with the request id, where there is one', async () => {
    const failure = await failureOfListing(Code.Internal, { 'x-request-id': 'req_42' });
    expect(String(failure)).toContain('[request id req_42]');
  });
});

describe('a tool’s failure', () => {
  const failing = async (...args: Parameters<typeof toolError>) => {
    const server = await scriptedServer({
      tools: {
        executeTool: () => {
          throw toolError(...args);
        },
      },
    });
    return failureOf(executeTool(clientOf(server.origin)));
  };

  it.each([Code.Unauthenticated, Code.Unavailable, Code.PermissionDenied, Code.NotFound, Code.Internal])(
    'is the provider’s under any gRPC code (%i)',
    async (code) => {
      const info = { toolErrorCode: '404', toolErrorMessage: 'no such user', executionId: 'exec_9' };
      expect(await failing(code, info)).toMatchObject({
        kind: 'upstream',
        code: 'tool_error',
        message: 'the tool failed: 404: no such user',
        details: info,
        hint: expect.stringContaining('exec_9') as unknown,
      });
    },
  );

  it.each([
    [{ toolErrorMessage: 'no' }, 'the tool failed: no'],
    [{ toolErrorCode: 'E1' }, 'the tool failed: E1: tool execution failed'],
    [{}, 'the tool failed: tool execution failed'],
  ])('is told with what it says: %j', async (info, message) => {
    expect(await failing(Code.Internal, info)).toMatchObject({ kind: 'upstream', message });
  });
});

describe('an error', () => {
  const where = { envUrl: 'https://env.example' };
  const system = (code: string) => Object.assign(new Error('raw'), { code });

  it.each([
    ['ECONNREFUSED', 'unreachable', 'connection refused'],
    ['ENOTFOUND', 'unreachable', 'does not resolve'],
    ['EAI_AGAIN', 'unreachable', 'does not resolve'],
    ['ECONNRESET', 'unreachable', 'reset'],
    ['EPIPE', 'unreachable', 'closed'],
    ['ETIMEDOUT', 'timeout', 'timed out'],
    ['ECONNABORTED', 'timeout', 'too long'],
    ['EHOSTUNREACH', 'unreachable', 'route'],
    ['ENETUNREACH', 'unreachable', 'network'],
    ['HPE_INVALID_CONSTANT', 'unreachable', 'HPE_INVALID_CONSTANT: '],
  ])('of the system (%s) becomes unreachable, %s', (systemCode, code, message) => {
    const wrapped = new Error('outer', {
      cause: new ConnectError('x', Code.Internal, {}, [], system(systemCode)),
    });
    for (const error of [system(systemCode), wrapped, new AggregateError([system(systemCode)])]) {
      expect(classify(error, where)).toMatchObject({
        kind: 'unreachable',
        code,
        message: expect.stringMatching(`cannot reach https://env.example: .*${message}`) as unknown,
      });
    }
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('of a certificate (%s) says where to put one', (code) => {
    expect(classify(system(code), where).hint).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('of the deadline stays one, whatever ended the connection with it', () => {
    const error = new ConnectError('too late', Code.DeadlineExceeded, {}, [], system('ABORT_ERR'));
    expect(classify(error, where)).toMatchObject({ kind: 'unreachable', code: 'timeout' });
  });

  it('that is ours already stays what it is, however deep', () => {
    const ours = new SkConnectError('interrupted', 'stop');
    expect(classify(ours, where)).toBe(ours);
    expect(classify(new Error('x', { cause: ConnectError.from(ours) }), where)).toBe(ours);
  });

  it.each([
    [new TypeError('x is not a function')],
    ['a string'],
    [undefined],
    [system('ERR_INVALID_ARG_TYPE')],
  ])('that nobody foresaw is a bug: %s', (error) => {
    expect(classify(error, where)).toMatchObject({ kind: 'bug', exitCode: 70 });
  });

  it('whose causes go round in a circle is a bug too', () => {
    const error = new Error('round');
    error.cause = new Error('and round', { cause: error });
    expect(classify(error, where)).toMatchObject({ kind: 'bug' });
  });
});

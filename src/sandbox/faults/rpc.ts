import { toBinary } from '@bufbuild/protobuf';
import type { Interceptor } from '@connectrpc/connect';
import { incomingRequest, namedIn } from '../exchanges/rpc.ts';
import { randomId } from '../ids.ts';
import type { CallKind, Fault } from '../interface/faults.ts';
import { Refusal } from '../refusal.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { codeOfStatus, toolError } from '../tools/tool-error.ts';
import { EXECUTE_TOOL } from './check.ts';
import { strike } from './strike.ts';

/** What faults make of the calls of the services, whether they came over gRPC or REST. */
export function strikeRpcs(state: SandboxState): Interceptor {
  return (next) => async (request) => {
    if (state.faults.isEmpty()) return next(request);
    const { method, service, message, signal, contextValues } = request;
    const incoming = contextValues.get(incomingRequest);
    const rpc = `${service.typeName}/${method.name}`;
    const wire: CallKind = incoming?.headers['content-type']?.startsWith('application/grpc')
      ? 'grpc'
      : 'rest';
    const isTool = rpc === EXECUTE_TOOL;
    const subject = {
      kinds: isTool ? ['tool' as const, wire] : [wire],
      ...namedIn(state, method, message),
      rpc,
      ...(wire === 'rest' && { method: incoming?.method, path: incoming?.url?.split('?', 1)[0] }),
    };
    return strike(
      state,
      subject,
      {
        incoming,
        signal,
        sizeOf: (response) => (response.stream ? 0 : toBinary(method.output, response.message).length),
        ...(isTool && { failAs: failTool }),
      },
      () => next(request),
    );
  };
}

/** As Scalekit tells a tool's caller what its provider answered. */
function failTool({ id, effect: { body, retryAfterSeconds } }: Fault, status: number): never {
  const words = typeof body === 'string' ? body : JSON.stringify(body);
  const said = words === undefined ? '' : `: ${words}`;
  const message = `the provider answered with HTTP status ${status}${said}`;
  const refusal = toolError([codeOfStatus(status), String(status), message], randomId('exec_'));
  throw new Refusal(refusal.code, refusal.errorCode, message, {
    ...refusal.details,
    fault: id,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

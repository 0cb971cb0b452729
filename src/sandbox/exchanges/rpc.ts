import type { IncomingMessage } from 'node:http';
import type { DescMethod } from '@bufbuild/protobuf';
import { Code, ConnectError, createContextKey, type Interceptor } from '@connectrpc/connect';
import { AnswerInstead } from '../faults/strike.ts';
import { executingAccount } from '../grpc/tool-accounts.ts';
import { Refusal } from '../refusal.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { exchangeOf } from './record.ts';

/** What a call of a service arrived as, over gRPC or REST. */
export const incomingRequest = createContextKey<IncomingMessage | undefined>(undefined);

/** Whom a call of a service is about, as far as it says so. */
interface Named {
  connectionName: string | undefined;
  identifier: string | undefined;
  toolName: string | undefined;
}

/** Notes what a call was about and what Scalekit itself made of it. */
export function recordRpcs(state: SandboxState): Interceptor {
  return (next) => async (request) => {
    const incoming = request.contextValues.get(incomingRequest);
    const exchange = incoming && exchangeOf(incoming);
    if (!exchange) return next(request);
    Object.assign(exchange, namedIn(state, request.method, request.message));
    try {
      const response = await next(request);
      exchange.grpcCode = 'ok';
      return response;
    } catch (error) {
      if (!(error instanceof AnswerInstead)) {
        const [code, message] = told(error);
        exchange.grpcCode = code;
        exchange.error ??= message;
      }
      throw error;
    }
  };
}

function told(error: unknown): [code: string, message: string] {
  if (error instanceof Refusal) return [error.code, error.message];
  if (!(error instanceof ConnectError)) return ['internal', 'internal error'];
  const code = (Code[error.code] ?? 'unknown').replace(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase();
  return [code === 'canceled' ? 'cancelled' : code, error.rawMessage];
}

type Fields = Readonly<Record<string, unknown>>;

/** The requests of these services call the same things by the same names, but for what a filter has. */
export function namedIn(state: SandboxState, method: DescMethod, message: unknown): Named {
  const fields = message as Fields;
  const filter = (fields['filter'] ?? {}) as Fields;
  const text = (name: string) => textOf(fields[name]) ?? textOf(filter[name]);
  const toolName = text('toolName') ?? text('toolNames');
  const id = text('id') ?? text('connectedAccountId');
  const account = (id !== undefined && state.accounts.get(id)) || executing(state, method, fields);
  return {
    connectionName:
      text('connector') ?? account?.connection.name ?? text('connectionName') ?? text('connectionNames'),
    identifier: text('identifier') ?? account?.identifier,
    toolName,
  };
}

/** With an identifier alone it is the tool that tells the connection. */
function executing(state: SandboxState, { name }: DescMethod, fields: Fields) {
  if (name !== 'ExecuteTool') return undefined;
  try {
    return executingAccount(state, fields, textOf(fields['toolName']) ?? '');
  } catch {
    return undefined;
  }
}

/** Of a list the one that it has. */
function textOf(value: unknown): string | undefined {
  const [only, ...others] = Array.isArray(value) ? (value as unknown[]) : [value];
  return typeof only === 'string' && only !== '' && others.length === 0 ? only : undefined;
}

import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { type Code, ConnectError } from '@connectrpc/connect';
import { ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
import type { HttpAnswer, Script } from './scripted-server.ts';

export function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A refusal as grpc-gateway writes it for a gRPC status of Scalekit's. */
export function refusedByScalekit(status: number, code: number, message: string): HttpAnswer {
  const detail = {
    '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo',
    error_code: 'UNAUTHENTICATED',
  };
  return json(status, { code, message, details: [detail] });
}

/** Ends the connection in place of an answer. */
export function hangUp(response: ServerResponse): void {
  const { stream } = response as unknown as Partial<Http2ServerResponse>;
  if (stream === undefined) response.destroy();
  else stream.session?.destroy();
}

/** Resets the HTTP/2 stream in place of an answer. */
export function resetStream(http2ErrorCode: number): HttpAnswer {
  return (response) => (response as unknown as Http2ServerResponse).stream.close(http2ErrorCode);
}

/** A gRPC answer that holds nothing but its status. */
export function grpcStatus(code: Code): HttpAnswer {
  return (response) =>
    response
      .writeHead(200, {
        'content-type': 'application/grpc+proto',
        'grpc-status': String(code),
        'grpc-message': 'scripted',
      })
      .end();
}

/** What Scalekit answers when a tool failed at its provider. */
export function toolError(code: Code, info: MessageInitShape<typeof ErrorInfoSchema>['toolErrorInfo']) {
  const toolErrorInfo = info === undefined ? {} : { toolErrorInfo: info };
  const value = create(ErrorInfoSchema, { errorCode: 'TOOL_ERROR', ...toolErrorInfo });
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- connect's type stands for every message there is
  return new ConnectError('tool execution failed', code, undefined, [{ desc: ErrorInfoSchema, value }]);
}

/** As a load balancer answers for what is behind it. */
export function gatewayStatus(status: number): HttpAnswer {
  return (response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Sorry</h1>');
}

/** An answer that never comes, and when it was asked for. */
export function silence(): { answer: HttpAnswer; asked: Promise<void> } {
  let onAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    onAsked = resolve;
  });
  return { answer: () => onAsked(), asked };
}

const nothing = () => ({});

/** Every RPC that sk-connect calls answers, with as little as it may. */
export const everyService: Script = {
  tools: {
    listTools: nothing,
    listScopedTools: nothing,
    listAvailableTools: nothing,
    executeTool: () => ({ executionId: 'exec_1', data: {} }),
  },
  accounts: {
    listConnectedAccounts: nothing,
    createConnectedAccount: nothing,
    updateConnectedAccount: nothing,
    getMagicLinkForConnectedAccount: nothing,
  },
  connections: { listAppConnections: nothing },
};

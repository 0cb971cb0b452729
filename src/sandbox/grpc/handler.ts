import type { IncomingMessage, ServerResponse } from 'node:http';
import { createConnectRouter, createContextValues } from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import { noteRefusal } from '../exchanges/record.ts';
import { incomingRequest } from '../exchanges/rpc.ts';
import { spellRefusals, toConnectError } from './refusals.ts';
import { notEmulated, type Services } from './services.ts';

type GrpcHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** What connectNodeAdapter does, but for one thing: that writes to the console when a client hangs up. */
export function grpcHandler(services: Services): GrpcHandler {
  const router = createConnectRouter({
    connect: false,
    grpcWeb: false,
    acceptCompression: [compressionGzip],
    // On loopback there is nothing to gain from compressing answers.
    compressMinBytes: 0xffffffff,
    // As much as gRPC's own servers take where nothing else is said; decompressed.
    readMaxBytes: 4 * 1024 * 1024,
    interceptors: [spellRefusals, ...services.interceptors],
  });
  services.register(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  return (request, response) => {
    const handler = handlers.get(request.url ?? '');
    if (handler) answer(handler, request, response).catch(() => response.destroy());
    else refuseUnknown(request, response);
  };
}

/** An answer without messages is a head alone (gRPC over HTTP/2, "Trailers-Only"). */
function refuseUnknown(request: IncomingMessage, response: ServerResponse): void {
  const refusal = notEmulated((request.url ?? '').slice(1, 200));
  noteRefusal(request, refusal);
  const { rawMessage, code } = toConnectError(refusal);
  response.writeHead(200, {
    'content-type': 'application/grpc',
    'grpc-status': String(code),
    'grpc-message': encodeURIComponent(rawMessage),
  });
  response.end();
}

/** Async, so that a request without a usable authority is a rejection and not an exception in the server. */
async function answer(
  handler: UniversalHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const values = createContextValues().set(incomingRequest, request);
  const universal = universalRequestFromNodeRequest(request, response, undefined, values);
  await universalResponseToNodeResponse(await handler(universal), response);
}

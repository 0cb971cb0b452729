import type { IncomingMessage, ServerResponse } from 'node:http';
import { createConnectRouter, type Interceptor } from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import { ConnectedAccountService, ConnectionService, ToolService } from '../descriptors.ts';
import { requireEnvironmentToken } from '../environment/bearer.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { connectedAccountService } from './connected-accounts.ts';
import { connectionService } from './connections.ts';
import { createPageTokens } from './pages.ts';
import { spellRefusals } from './refusals.ts';
import { enforceRules } from './rules.ts';
import { toolService } from './tools.ts';

type GrpcHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** What connectNodeAdapter does, but for one thing: that writes to the console when a client hangs up. */
export function grpcHandler(state: SandboxState): GrpcHandler {
  const tokens = createPageTokens();
  const router = createConnectRouter({
    connect: false,
    grpcWeb: false,
    acceptCompression: [compressionGzip],
    // On loopback there is nothing to gain from compressing answers.
    compressMinBytes: 0xffffffff,
    interceptors: [spellRefusals, authenticate(state), enforceRules],
  })
    .service(ConnectedAccountService, connectedAccountService(state, tokens))
    .service(ToolService, toolService(state, tokens))
    .service(ConnectionService, connectionService(state, tokens));
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  return (request, response) => {
    const handler = handlers.get(request.url ?? '');
    if (!handler) {
      response.writeHead(404).end();
      return;
    }
    answer(handler, request, response).catch(() => response.destroy());
  };
}

/** Async, so that a request without a usable authority is a rejection and not an exception in the server. */
async function answer(
  handler: UniversalHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const universal = universalRequestFromNodeRequest(request, response, undefined, undefined);
  await universalResponseToNodeResponse(await handler(universal), response);
}

function authenticate(state: SandboxState): Interceptor {
  return (next) => async (request) => {
    await requireEnvironmentToken(state, request.header.get('authorization'));
    return next(request);
  };
}

import type { DescMethodUnary, DescService, Message } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import {
  type ConnectRouter,
  type ContextValues,
  createHandlerContext,
  type Interceptor,
  type ServiceImpl,
} from '@connectrpc/connect';
import { ConnectedAccountService, ConnectionService, ToolService } from '../descriptors.ts';
import { requireEnvironmentToken } from '../environment/bearer.ts';
import { recordRpcs } from '../exchanges/rpc.ts';
import { strikeRpcs } from '../faults/rpc.ts';
import { Refusal } from '../refusal.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { connectedAccountService } from './connected-accounts.ts';
import { connectionService } from './connections.ts';
import { createPageTokens, type PageTokens } from './pages.ts';
import { enforceRules } from './rules.ts';
import { toolService } from './tools.ts';

/** What gRPC and REST both serve: the same implementations, with the same rules and one set of page tokens. */
export interface Services {
  tokens: PageTokens;
  /** Around every call, whatever it came over. */
  interceptors: Interceptor[];
  register(router: ConnectRouter): void;
  /** A call without a wire. Throws what the implementation throws, a Refusal as a rule. */
  call(method: DescMethodUnary, message: Message, options: CallOptions): Promise<Message>;
}

interface CallOptions {
  url: string;
  header: Headers;
  signal: AbortSignal;
  contextValues: ContextValues;
}

type UnaryNext = Extract<Parameters<Interceptor>[0], (...parameters: never) => unknown>;
type Implementation = Record<string, (request: unknown, context: unknown) => unknown>;

export const SERVICES: readonly DescService[] = [ConnectedAccountService, ToolService, ConnectionService];

export function createServices(state: SandboxState): Services {
  const tokens = createPageTokens();
  const accounts = withRefusals(ConnectedAccountService, connectedAccountService(state, tokens));
  const tools = withRefusals(ToolService, toolService(state, tokens));
  const connections = withRefusals(ConnectionService, connectionService(state, tokens));
  const implementations = new Map<DescService, object>([
    [ConnectedAccountService, accounts],
    [ToolService, tools],
    [ConnectionService, connections],
  ]);
  const interceptors = [recordRpcs(state), authenticate(state), strikeRpcs(state), enforceRules];

  return {
    tokens,
    interceptors,

    register(router) {
      router
        .service(ConnectedAccountService, accounts)
        .service(ToolService, tools)
        .service(ConnectionService, connections);
    },

    async call(method, message, { url, header, signal, contextValues }) {
      const { parent: service } = method;
      const request = { stream: false, service, method, requestMethod: 'POST', url, header, signal } as const;
      const implementation = implementations.get(service) as Implementation;
      const answer: UnaryNext = async (asked) => {
        const context = createHandlerContext({
          service,
          method,
          protocolName: 'rest',
          requestMethod: 'POST',
          url,
          requestSignal: signal,
          requestHeader: header,
          contextValues,
        });
        const answered = await implementation[method.localName]?.(asked.message, context);
        const output = create(method.output, answered as never);
        return {
          stream: false,
          service,
          method,
          header: new Headers(),
          trailer: new Headers(),
          message: output,
        };
      };
      const chain = interceptors.reduceRight<UnaryNext>((next, interceptor) => interceptor(next), answer);
      const { message: output } = await chain({ ...request, message, contextValues });
      return output as Message;
    },
  };
}

function authenticate(state: SandboxState): Interceptor {
  return (next) => async (request) => {
    await requireEnvironmentToken(state, request.header.get('authorization'));
    return next(request);
  };
}

/** What the services have beyond AgentKit's documentation is refused like everything else, with the detail that a refusal has. */
function withRefusals<S extends DescService>(
  service: S,
  implementation: Partial<ServiceImpl<S>>,
): Partial<ServiceImpl<S>> {
  const refusals = service.methods.map(({ name, localName }) => {
    const refuse = (): never => {
      throw notEmulated(`${service.typeName}/${name}`);
    };
    return [localName, refuse] as const;
  });
  return { ...Object.fromEntries(refusals), ...implementation };
}

export function notEmulated(what: string): Refusal {
  return new Refusal('unimplemented', 'UNIMPLEMENTED', `the sandbox does not emulate ${what}`);
}

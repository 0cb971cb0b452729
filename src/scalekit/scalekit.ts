import { setMaxListeners } from 'node:events';
import type { Environment } from '../config/settings.ts';
import type { Redactor } from '../redact.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { attempts } from './attempts.ts';
import { type Connections, createConnections } from './connections.ts';
import { createCore, createGrpc } from './core.ts';
import type { DescribedRequest } from './describe.ts';
import { createEnvironmentToken } from './environment-token.ts';
import { createHttpAgents } from './http-agents.ts';
import { type ProxyResponse, sendThroughProxy } from './proxy.ts';
import type { ProxyCall } from './proxy-input.ts';
import type { TokenCache } from './token-cache.ts';
import { createTools, type Tools } from './tools.ts';
import type { Trace } from './trace.ts';

/**
 * Scalekit as the commands see it. Every rejection is a SkConnectError; nothing here hands out the
 * SDK's objects, which carry the client secret and tokens.
 */
export interface Scalekit {
  readonly envUrl: string;
  accounts(): Promise<Accounts>;
  connections(): Promise<Connections>;
  tools(): Promise<Tools>;
  request(call: ProxyCall): Promise<ProxyResponse>;
  /** The head of the request that `request` would send. Sends nothing. */
  describe(call: ProxyCall): Promise<DescribedRequest>;
  /** Ends the connections that would keep the process waiting. */
  close(): void;
}

export interface ScalekitOptions {
  environment: Environment;
  tokenCache: TokenCache | undefined;
  redactor: Redactor;
  trace: Trace;
  /** Aborts what is in flight: Ctrl-C, the total deadline. */
  signal: AbortSignal;
  /** The total deadline, where there is one. */
  deadlineMs?: number | undefined;
}

export function createScalekit(options: ScalekitOptions): Scalekit {
  const { environment, signal, trace, redactor } = options;
  redactor.add(environment.clientSecret);
  // Every call in flight listens to it; Node would warn of a leak at the eleventh.
  setMaxListeners(0, signal);
  const agents = createHttpAgents(environment.envUrl);
  const core = createCore(environment, agents, signal, options.deadlineMs);
  const token = createEnvironmentToken({ core, cache: options.tokenCache, redactor, trace });
  const { grpc, close } = createGrpc(core, attempts(token, trace));
  return {
    envUrl: environment.envUrl,
    accounts: () => createAccounts(grpc, core),
    connections: () => createConnections(grpc, core),
    tools: () => createTools(grpc, core),
    request: (call) => sendThroughProxy({ core, agents, token, trace, signal }, call),
    describe: async (call) => {
      const { describeRequest } = await import('./describe.ts');
      return describeRequest(environment, call, signal);
    },
    close: () => {
      close();
      agents.close();
    },
  };
}

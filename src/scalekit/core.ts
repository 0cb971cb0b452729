import type { DescService } from '@bufbuild/protobuf';
import { type CallOptions, createClient, type Interceptor } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import type { InternalAxiosRequestConfig } from 'axios';
import type { Environment } from '../config/settings.ts';
import { isLoopback } from '../http/loopback.ts';
import { classify } from './classify.ts';
import type { HttpAgents } from './http-agents.ts';
import { CoreClient, GrpcConnect } from './sdk.ts';
import { tunnelTo } from './tunnel.ts';

/** What the SDK waits for a proxied call or a tool unless it is told otherwise. */
const PATIENCE_MS = 60_000;

/** The SDK's client with our errors, attempts, connections and abort signal in place of its own. */
export function createCore(
  environment: Environment,
  agents: HttpAgents,
  signal: AbortSignal,
  deadlineMs = 0,
): CoreClient {
  const { envUrl, clientId, clientSecret } = environment;

  class Core extends CoreClient {
    /** Every gRPC call of the SDK passes here. Once: src/scalekit/attempts.ts decides what is sent again. */
    override async connectExec<Request, Response>(
      call: (request: Request, options?: CallOptions) => Promise<Response>,
      data: Request,
      options?: CallOptions,
    ): Promise<Response> {
      try {
        return await call(data, { ...options, signal });
      } catch (error) {
        throw classify(error, { envUrl });
      }
    }
  }

  // A deadline longer than the SDK's own patience with providers and tools is there to be used.
  const toolTimeoutMs = Math.max(deadlineMs, PATIENCE_MS);
  const core = new Core(envUrl, clientId, clientSecret, toolTimeoutMs);
  core.axios.interceptors.request.use((config: InternalAxiosRequestConfig) => {
    // A redirected sign-in would hand the client secret on, a redirected call the connection and user.
    config.maxRedirects = 0;
    config.signal ??= signal;
    // A sign-in leaves its connection to the call that follows.
    if (config.httpAgent === undefined && config.httpsAgent === undefined) Object.assign(config, agents.kept);
    // axios would send what is meant for the sandbox through HTTP_PROXY.
    if (isLoopback(new URL(envUrl).hostname)) config.proxy = false;
    return config;
  });
  // axios tells that it was aborted, but not why.
  core.axios.interceptors.response.use(undefined, (error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
  return core;
}

type SdkClient<T extends DescService> = ReturnType<typeof GrpcConnect.prototype.createClient<T>>;

/** The SDK's gRPC connection with our interceptors, and a way to end its HTTP/2 session. */
export function createGrpc(
  core: CoreClient,
  attempts: Interceptor,
): { grpc: GrpcConnect; close: () => void } {
  const createConnection = tunnelTo(core.envUrl);
  const sessionManager = new Http2SessionManager(
    core.envUrl,
    undefined,
    createConnection === undefined ? undefined : { createConnection },
  );
  const transport = createGrpcTransport({
    baseUrl: core.envUrl,
    defaultTimeoutMs: core.timeoutMs,
    sessionManager,
    interceptors: [sdkHeaders(core), attempts],
  });

  class Grpc extends GrpcConnect {
    override createClient<T extends DescService>(service: T): SdkClient<T> {
      // The SDK's types come from connect's CommonJS build, ours from its ESM build: the same, declared twice.
      return createClient(service, transport) as unknown as SdkClient<T>;
    }
  }

  return { grpc: new Grpc(core), close: () => sessionManager.abort() };
}

/** As the SDK's own interceptor sets them; the token is set for each attempt. */
function sdkHeaders(core: CoreClient): Interceptor {
  return (next) => (request) => {
    request.header.set('user-agent', core.userAgent);
    request.header.set('x-sdk-version', core.sdkVersion);
    request.header.set('x-api-version', core.apiVersion);
    return next(request);
  };
}

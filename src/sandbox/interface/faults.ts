/**
 * Which calls a fault is for. A tool call is also the `grpc` or the `rest` call that it came as; `token` is the environment's own token
 * endpoint, `oauth` what the sandbox asks a provider's for: tokens for a code, new ones for a refresh token.
 */
export type CallKind = 'proxy' | 'tool' | 'grpc' | 'rest' | 'token' | 'oauth';

/** Everything that is named has to fit. `token` is only met where kind or path say so, `oauth` where kind does. */
export interface FaultMatch {
  kind?: CallKind;
  connectionName?: string;
  identifier?: string;
  /** A glob: `*` is anything within a segment, `**` anything at all. */
  toolName?: string;
  /** A glob. Of a proxied call the path at the provider (`/notes/*`), else the sandbox's (`/api/v1/**`); no query. */
  path?: string;
  method?: string;
  /** `ExecuteTool` or `scalekit.v1.tools.ToolService/ExecuteTool`; a glob. */
  rpc?: string;
}

/** What happens; several may be combined, and happen in the order of latency, answer or refusal, pace, reset. */
export interface FaultEffect {
  /** The provider's answer in place of the real one; for a tool a TOOL_ERROR. The provider is not called. */
  status?: number;
  /** With `status`: text as it is, anything else as JSON. */
  body?: unknown;
  /** With `status`. */
  headers?: Record<string, string>;
  /** What Scalekit itself refuses the call with: `unavailable`, `permission_denied`, … */
  grpcCode?: string;
  /** Real time, whatever the sandbox's clock says. */
  latencyMs?: number;
  /** The pace of the answer's body; what is answered as a whole comes when all of it would be there. */
  bytesPerSecond?: number;
  /**
   * The connection is reset: of a proxied call the client's, in the middle of the answer; of other calls before their answer, with the
   * work done; and what the sandbox itself asks a provider for is lost.
   */
  reset?: boolean;
  /** A Retry-After header; alone it means status 429. */
  retryAfterSeconds?: number;
}

export interface FaultInput {
  match?: FaultMatch;
  effect: FaultEffect;
  /** How often it strikes; as long as it is there where omitted. */
  times?: number;
  /** Of each call that matches, from 0 to 1. A call that it spares goes on to the next fault. */
  probability?: number;
  /** The same seed gives the same sequence; one is made up, and told, where it is omitted. */
  seed?: number;
}

export interface Fault extends FaultInput {
  id: string;
  match: FaultMatch;
  hits: number;
}

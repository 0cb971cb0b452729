import type { AccountStatus, SandboxConfig } from './config/types.ts';

export interface SandboxOptions {
  config: SandboxConfig;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Milliseconds since the epoch; the real time where omitted. Tokens, links and accounts live by it. */
  now?: () => number;
  /** How long a provider may take to begin its answer; 55,000 where omitted. */
  upstreamTimeoutMs?: number;
  /** All addresses of a host name; the system's resolver where omitted. Not asked about `localhost`. */
  lookup?: (hostname: string) => Promise<{ address: string; family: number }[]>;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  /** What the SDK's samples read from the environment, and the token of the control API under `/sandbox/v1`. */
  env: {
    SCALEKIT_ENV_URL: string;
    SCALEKIT_CLIENT_ID: string;
    SCALEKIT_CLIENT_SECRET: string;
    SK_CONNECT_SANDBOX_TOKEN: string;
  };
  /** What of the config will not work, each in a sentence: hosts that are not under `allow_hosts`. */
  warnings: readonly string[];
  control: SandboxControl;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SandboxControl {
  /** Links that nobody has finished yet and that have not expired. */
  pendingLinks(): { connectionName: string; identifier: string; link: string; expiresAt: string }[];
  /** Throws where there is no such account. */
  setAccountStatus(connectionName: string, identifier: string, status: AccountStatus): void;
  accounts(): {
    connectedAccountId: string;
    connectionName: string;
    identifier: string;
    status: AccountStatus;
  }[];
}

/** Which calls a fault is for. A tool call is also the `grpc` or the `rest` call that it came as. */
export type CallKind = 'proxy' | 'tool' | 'grpc' | 'rest' | 'token' | 'refresh';

/** Everything that is named has to fit; nothing named fits every call but the sandbox's own `refresh`. */
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

/** What happens; several may be combined. */
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
  /** The pace of the answer's body. */
  bytesPerSecond?: number;
  /** The client's connection is reset in the middle of the answer. */
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

/** What arrives, and what the sandbox sends of its own: `oauth` to a provider, `webhook` to an application. */
export type ExchangeKind = 'proxy' | 'grpc' | 'rest' | 'token' | 'page' | 'oauth' | 'webhook';

/** One call that arrived, redacted; bodies and headers are never kept. */
export interface Exchange {
  /** Rises by one with each exchange that ends. */
  id: number;
  /** ISO 8601, by the sandbox's clock. */
  at: string;
  kind: ExchangeKind;
  method: string;
  path: string;
  connectionName: string | null;
  identifier: string | null;
  toolName: string | null;
  /** Null where the connection ended before anything was answered. */
  status: number | null;
  /** `ok`, or what Scalekit itself refused the call with; null where the answer is the provider's. */
  grpcCode: string | null;
  durationMs: number;
  /** The fault that struck it. */
  fault: string | null;
  error: string | null;
}

export interface ExchangeFilter {
  /** Those that follow this id; the last ones where omitted. */
  after?: number;
  limit?: number;
  connectionName?: string;
}

export interface ExchangePage {
  /** Oldest first. */
  exchanges: Exchange[];
  /** The `after` to go on with. */
  nextAfter: number;
}

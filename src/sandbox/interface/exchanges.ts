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
  after?: number | undefined;
  /** 1 to 1,000. */
  limit?: number | undefined;
  connectionName?: string | undefined;
  identifier?: string | undefined;
}

export interface ExchangePage {
  /** Oldest first. */
  exchanges: Exchange[];
  /** The `after` to go on with. */
  nextAfter: number;
}

import type { AccountStatus, SandboxConfig } from './config/types.ts';

export interface SandboxOptions {
  config: SandboxConfig;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Milliseconds since the epoch; the real time where omitted. Tokens, links and accounts live by it. */
  now?: () => number;
  /** How long a provider may take to begin its answer; 55,000 where omitted. */
  upstreamTimeoutMs?: number;
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

import type { SandboxConfig } from './config/types.ts';
import type { SandboxControl } from './interface/control.ts';

export interface SandboxOptions {
  config: SandboxConfig;
  /** 0 takes a free one, as does leaving it out: with `state` the one of the last run, if that is free. */
  port?: number;
  /**
   * A file that keeps accounts, tokens, links and what was changed of the catalogue from one run to the next, private
   * to its user and to one sandbox at a time. In memory only where it is omitted.
   */
  state?: string;
  /** Told of what goes wrong beside the calls: that the state file takes nothing any more. */
  warn?: (message: string) => void;
  /** Milliseconds since the epoch; the real time where omitted. Tokens, links and accounts live by it. */
  now?: () => number;
  /** How long a provider may take to begin its answer; 55,000 where omitted. */
  upstreamTimeoutMs?: number;
  /** How many requests are answered at the same time, 1,000 where omitted; more are refused, with 503 or RESOURCE_EXHAUSTED. */
  maxConcurrentRequests?: number;
  /** How long a client may take to send a request, 30,000 where omitted; a proxied body may take as long as it likes. */
  clientTimeoutMs?: number;
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

import type { HeaderList } from '../http/headers.ts';
import type { ProxyCall } from '../scalekit/proxy-input.ts';

/** What a contract needs of the world: the command line's, an app's own client, the sandbox's. What it throws passes through. */
export interface ContractHost {
  /** Rejects unless the account is ACTIVE. */
  requireActive(connectionName: string, identifier: string): Promise<void>;
  /** Sends the call once; any status the provider answers is an answer. */
  send(call: ProxyCall): Promise<ContractResponse>;
}

export interface ContractResponse {
  status: number;
  statusText: string;
  headers: HeaderList;
  /** All of it, without its Content-Encoding. */
  body: Uint8Array;
}

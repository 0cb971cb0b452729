import type { App } from '../app.ts';
import type { ProxyResponse } from '../scalekit/proxy.ts';
import type { ProxyCall } from '../scalekit/proxy-input.ts';
import type { RequestOptions } from './options.ts';

/** Sends a call, again where `--retry` says so. */
export type Send = (call: ProxyCall, options?: SendOptions) => Promise<SentResponse>;

export interface SendOptions {
  /** The body is held in memory, so that an answer that breaks off can be asked for again. */
  isHeld?: boolean;
}

export interface SentResponse extends ProxyResponse {
  /** How often the call was sent; absent without `--retry`. */
  attempts?: number;
}

export async function createSend(app: App, options: RequestOptions): Promise<Send> {
  const scalekit = await app.scalekit();
  if (options.retry === undefined) return (call) => scalekit.request(call);
  const { sendAgain } = await import('./retry/retry.ts');
  const policy = { mostRetries: options.retry, isForEveryMethod: options.retryAll === true };
  return sendAgain(app, policy, (call) => scalekit.request(call));
}

import type { App } from '../app.ts';
import type { ProxyResponse } from '../scalekit/proxy.ts';
import type { ProxyCall } from '../scalekit/proxy-input.ts';
import type { RequestOptions } from './options.ts';

/** Sends a call, again where `--retry` says so. */
export type Send = (call: ProxyCall) => Promise<ProxyResponse>;

export async function createSend(app: App, _options: RequestOptions): Promise<Send> {
  const scalekit = await app.scalekit();
  return (call) => scalekit.request(call);
}

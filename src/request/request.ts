import { requireActiveAccount } from '../accounts/active.ts';
import { requireAccountKey } from '../accounts/select.ts';
import type { App } from '../app.ts';
import type { ProxyResponse } from '../scalekit/proxy.ts';
import { headerValue } from './body.ts';
import { buildCall, type CallOptions } from './call.ts';
import { proxyFailure } from './failure.ts';
import { type RenderOptions, renderResponse } from './render.ts';

export interface RequestOptions extends CallOptions, Omit<RenderOptions, 'sentAt'> {
  /** False after `--no-preflight`. */
  preflight?: boolean;
}

/** Sends `[METHOD] PATH` through the proxy and prints the answer. Throws `upstream` for a status of 400 and above. */
export async function request(app: App, words: readonly string[], options: RequestOptions): Promise<void> {
  const key = await requireAccountKey(app);
  const call = await buildCall(app, key, words, options);
  if (options.preflight !== false) await requireActiveAccount(app, key);
  const scalekit = await app.scalekit();
  const sentAt = performance.now();
  const response = await scalekit.request(call);
  const body = await renderResponse(app, response, { ...options, sentAt });
  tellRedirect(app, response);
  if (response.status >= 400) throw await proxyFailure(app, key, response, body);
}

/** Where a redirect leads: it is not followed, and its body is usually empty. */
function tellRedirect({ terminal }: App, response: ProxyResponse): void {
  const location = headerValue(response, 'location');
  if (response.status < 300 || response.status >= 400 || location === undefined) return;
  terminal.notice(`The provider redirects (${response.status}) to ${location}; redirects are not followed.`);
}

import type { App } from '../../app.ts';
import { headerValue } from '../../http/headers.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import type { RequestOptions } from '../options.ts';
import type { Send } from '../send.ts';
import type { Answer } from './answer.ts';
import { renderResponse } from './render.ts';

/** Sends a call and prints the answer as it was asked for. */
export async function showAnswer(
  app: App,
  call: ProxyCall,
  send: Send,
  options: RequestOptions,
): Promise<Answer> {
  const sentAt = performance.now();
  const response = await send(call);
  const body = await renderResponse(app, response, { ...options, sentAt });
  tellRedirect(app, response);
  return { response, body, isWhole: false, durationMs: performance.now() - sentAt };
}

/** Where a redirect leads: it is not followed, and its body is usually empty. */
function tellRedirect({ terminal }: App, response: ProxyResponse): void {
  const location = headerValue(response.headers, 'location');
  if (response.status < 300 || response.status >= 400 || location === undefined) return;
  terminal.notice(`The provider redirects (${response.status}) to ${location}; redirects are not followed.`);
}

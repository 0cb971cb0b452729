import type { App } from '../../app.ts';
import { headerValue } from '../../http/headers.ts';
import { maskQuery } from '../../redact.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import type { RequestOptions } from '../options.ts';
import type { Send } from '../send.ts';
import type { Answer } from './answer.ts';
import { present } from './present.ts';

/** Sends a call and shows the answer as it was asked for, or saves it. Throws what keeps it from that; its status is judged elsewhere. */
export async function showAnswer(
  app: App,
  call: ProxyCall,
  send: Send,
  options: RequestOptions,
): Promise<Answer> {
  const answer = await answered(app, call, send, options);
  tellRedirect(app, answer.response);
  return answer;
}

async function answered(app: App, call: ProxyCall, send: Send, options: RequestOptions): Promise<Answer> {
  if (options.output !== undefined && options.output !== '-') {
    const { download } = await import('./download.ts');
    return download(app, call, send, options, options.output);
  }
  const sentAt = performance.now();
  const response = await send(call);
  return present(app, { response, method: call.method, sentAt }, options);
}

/** Where a redirect leads: it is not followed, and its body is usually empty. */
function tellRedirect({ terminal }: App, response: ProxyResponse): void {
  const location = headerValue(response.headers, 'location');
  if (response.status < 300 || response.status >= 400 || location === undefined) return;
  const where = maskQuery(location);
  terminal.notice(`The provider redirects (${response.status}) to ${where}; redirects are not followed.`);
}

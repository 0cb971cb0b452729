import { rename } from 'node:fs/promises';
import type { App } from '../../app.ts';
import { temporaryName } from '../../config/temporary-file.ts';
import { SkConnectError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import { maskQuery } from '../../redact.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import type { RequestOptions } from '../options.ts';
import type { Send } from '../send.ts';
import type { Answer } from './answer.ts';
import { answerDocument } from './document.ts';
import { checkContinue, type Earlier, findEarlier, takeEarlier } from './earlier.ts';
import { isErrorStatus, takesAnyStatus } from './error-status.ts';
import { showHead } from './head.ts';
import { keepBody } from './kept-body.ts';
import { findTarget, type Target } from './output-file.ts';
import { type Arrival, judgesBody, present } from './present.ts';
import { rangeHeaders, saysComplete } from './range.ts';
import { saveBody } from './save-body.ts';

/**
 * Sends a call and saves the body to a file, which appears under its name only when it is complete. What is not
 * what was asked for is shown instead. Throws `usage` for a file that cannot be written.
 */
export async function download(
  app: App,
  call: ProxyCall,
  send: Send,
  options: RequestOptions,
  name: string,
): Promise<Answer> {
  const target = await findTarget(app.io.cwd, name);
  if (options.continue === true) checkContinue(target, call, options);
  const earlier = options.continue === true ? await findEarlier(app, target, call) : undefined;
  const sentAt = performance.now();
  const response = await send(withHeaders(call, earlier));
  const arrival = { response, method: call.method, sentAt };
  if (earlier !== undefined && saysComplete(response, earlier.bytes)) {
    return finishComplete(app, target, arrival, earlier);
  }
  if (!isSaved(arrival, options)) return present(app, arrival, options);
  checkRedirect(target, response, options);
  return saveAnswer(app, target, call, arrival, earlier, options);
}

/** Unencoded, so that its size is known and it can be gone on with; unless -H says otherwise. */
function withHeaders(call: ProxyCall, earlier: Earlier | undefined): ProxyCall {
  const { headers = [] } = call;
  const isGiven = headers.some(([name]) => name.toLowerCase() === 'accept-encoding');
  return {
    ...call,
    headers: [
      ...headers,
      ...(isGiven ? [] : ([['accept-encoding', 'identity']] as const)),
      ...(earlier === undefined ? [] : rangeHeaders(earlier.bytes, earlier.validator)),
    ],
  };
}

function isSaved({ response: { status }, method }: Arrival, options: RequestOptions): boolean {
  if (options.head === true || method === 'HEAD' || status === 304) return false;
  // A complaint must not be appended to what came earlier, whatever is expected.
  return !isErrorStatus(status, options) && !(options.continue === true && status >= 400);
}

/** An empty file or a page that says “moved” is not what was wanted. */
function checkRedirect({ name }: Target, { status, headers }: ProxyResponse, options: RequestOptions): void {
  const location = headerValue(headers, 'location');
  if (status < 300 || location === undefined || takesAnyStatus(options)) return;
  throw new SkConnectError(
    'upstream',
    `the provider redirects (${status}) in place of an answer: ${name} was not saved`,
    {
      code: 'redirected',
      httpStatus: status,
      hint: `Redirects are not followed. It leads to ${maskQuery(location)}`,
    },
  );
}

async function saveAnswer(
  app: App,
  target: Target,
  call: ProxyCall,
  { response, sentAt }: Arrival,
  earlier: Earlier | undefined,
  options: RequestOptions,
): Promise<Answer> {
  const { terminal } = app;
  const body = keepBody(response);
  try {
    if (judgesBody(options)) await body.readAhead(Number.POSITIVE_INFINITY);
    if (options.include === true && app.options.json !== true) await showHead(app, response);
    const bytes = await saveBody(app, { target, call, response, body, earlier });
    terminal.notice(`Saved ${bytes.toLocaleString('en')} bytes to ${target.name}`);
    const durationMs = (body.endedAt() ?? performance.now()) - sentAt;
    if (app.options.json === true) await terminal.printJson(answerDocument(response, null, durationMs));
    return { response, body: body.kept(), isWhole: earlier === undefined && body.isWhole(), durationMs };
  } finally {
    body.close();
  }
}

/** A 416 to a request for what is behind the last byte. */
async function finishComplete(
  app: App,
  target: Target,
  { response, sentAt }: Arrival,
  earlier: Earlier,
): Promise<Answer> {
  const { terminal } = app;
  response.body.destroy();
  const size = earlier.bytes.toLocaleString('en');
  if (earlier.part === undefined) terminal.notice(`${target.name} is complete already (${size} bytes)`);
  else {
    const own = temporaryName(target.path, 'part');
    await takeEarlier(target, earlier, own);
    await rename(own, target.path);
    terminal.notice(`Saved ${size} bytes to ${target.name}`);
  }
  const durationMs = performance.now() - sentAt;
  if (app.options.json === true) await terminal.printJson(answerDocument(response, null, durationMs));
  return { response, body: new Uint8Array(), isWhole: false, durationMs, isSettled: true };
}

import type { App } from '../../app.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import type { RequestOptions } from '../options.ts';
import type { Answer } from './answer.ts';
import { answerDocument } from './document.ts';
import { isErrorStatus } from './error-status.ts';
import { showHead } from './head.ts';
import { KEPT_BYTES, type KeptBody, keepBody } from './kept-body.ts';
import { showBody } from './show-body.ts';

/** An answer whose body is still to come. */
export interface Arrival {
  response: ProxyResponse;
  /** Of the request. */
  method: string;
  /** When the call was sent, as `performance.now()` tells it. */
  sentAt: number;
}

/** Prints an answer on stdout as it was asked for. */
export async function present(app: App, arrival: Arrival, options: RequestOptions): Promise<Answer> {
  const { response, sentAt } = arrival;
  const body = keepBody(response);
  try {
    const isHeadOnly = options.head === true || arrival.method === 'HEAD';
    if (judgesBody(options)) await body.readAhead(Number.POSITIVE_INFINITY);
    else if (arrival.method === 'HEAD' || (isHeadOnly && response.status >= 400))
      await body.readAhead(KEPT_BYTES);
    if (app.options.json === true) await describe(app, arrival, body, isHeadOnly);
    else {
      if (options.include === true || isHeadOnly) await showHead(app, response);
      if (!isHeadOnly) await showOrFilter(app, response, body, options);
    }
  } finally {
    body.close();
  }
  return {
    response,
    body: body.kept(),
    isWhole: body.isWhole(),
    durationMs: (body.endedAt() ?? performance.now()) - sentAt,
  };
}

/** Whether something judges the body, and so needs all of it. */
export function judgesBody({ failOn, expect, expectSchema, graphql }: RequestOptions): boolean {
  return [failOn, expect, expectSchema, graphql].some((option) => option !== undefined);
}

async function describe(
  { terminal }: App,
  { response, sentAt }: Arrival,
  body: KeptBody,
  isHeadOnly: boolean,
): Promise<void> {
  if (!isHeadOnly) await body.readAhead(Number.POSITIVE_INFINITY);
  const durationMs = (body.endedAt() ?? performance.now()) - sentAt;
  await terminal.printJson(answerDocument(response, isHeadOnly ? null : body.kept(), durationMs));
}

async function showOrFilter(
  app: App,
  response: ProxyResponse,
  body: KeptBody,
  options: RequestOptions,
): Promise<void> {
  if (app.options.jq === undefined || isErrorStatus(response.status, options)) {
    return showBody(app, response, body.chunks, options);
  }
  const { filterBody } = await import('./filter.ts');
  await filterBody(app, response, body);
}

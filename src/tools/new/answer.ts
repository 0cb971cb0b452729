import { requireActiveAccount } from '../../accounts/active.ts';
import type { App } from '../../app.ts';
import { answerJson } from '../../contracts/answer.ts';
import { ToolFailure } from '../../contracts/failure.ts';
import { interrupted, SkConnectError } from '../../errors.ts';
import { indentJson } from '../../json/indent.ts';
import { isJsonObject } from '../../json/object.ts';
import { errorExpression } from '../../request/answer/apparent-error.ts';
import { readBody } from '../../request/answer/content.ts';
import { statusOf } from '../../request/answer/provider-error.ts';
import { messageFrom } from '../../request/answer/provider-message.ts';
import { readExpectations } from '../../request/expect/expectations.ts';
import { judge } from '../../request/judge.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import { confirm } from '../../terminal/ask.ts';
import type { NewOptions } from './options.ts';
import type { Worked } from './rehearse.ts';

export interface GoodAnswer extends Worked {
  /** What the contract's expressions are run over. */
  json: string;
}

/**
 * Sends the call once, and shows the answer in short. Throws what `request` throws, and `upstream` for what is no
 * answer to make a tool of.
 */
export async function requestOnce(app: App, call: ProxyCall, options: NewOptions): Promise<GoodAnswer> {
  if (options.preflight !== false) await requireActiveAccount(app, call);
  await askToSend(app, call);
  const sentAt = performance.now();
  const response = await (await app.scalekit()).request(call);
  const body = await readBody(response);
  const answer = { response, body, isWhole: true, durationMs: performance.now() - sentAt };
  await judge(app, call, answer, {}, await readExpectations(app, {}));
  const { status, statusText, headers } = response;
  const kept = { status, statusText, headers, body };
  const json = await answerJson(kept).catch((error: unknown) => {
    throw error instanceof ToolFailure ? unusable(error.message) : error;
  });
  const value: unknown = JSON.parse(json);
  if (isJsonObject(value) && errorExpression(value) !== undefined) {
    throw unusable(
      `the provider answered ${statusOf(response)}, but says: ${messageFrom(response, value) ?? 'an error'}`,
    );
  }
  if (!app.terminal.isJson)
    app.terminal.notice(shortened(`${statusOf(response)}\n${indentJson(json)}`), app.terminal.errStyle.dim);
  return { call, response: kept, json };
}

/** Whether a call may change something. */
export function isMutating(method: string): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}

async function askToSend(app: App, { method, path, connectionName, identifier }: ProxyCall): Promise<void> {
  if (!isMutating(method) || !app.terminal.canPrompt || app.options.yes === true) return;
  const question = `Send ${method} ${path} for ${identifier} on ${connectionName}? The tool is made of its answer`;
  if (!(await confirm(app, question))) throw interrupted('nothing was sent');
}

function unusable(message: string): SkConnectError {
  return new SkConnectError('upstream', message, {
    code: 'unusable_answer',
    hint: 'A tool is made of a request that worked: try it with sk-connect request first.',
  });
}

const MOST_LINES = 16;

function shortened(text: string): string {
  const lines = text.split('\n').map((line) => (line.length > 160 ? `${line.slice(0, 159)}…` : line));
  if (lines.length <= MOST_LINES) return lines.join('\n');
  return [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} more lines`].join('\n');
}

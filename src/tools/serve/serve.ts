import { once } from 'node:events';
import { requireAccountKey, requireIdentifier } from '../../accounts/select.ts';
import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import { visibleLine } from '../../terminal/visible.ts';
import { openToolBox, type ToolBoxOptions } from '../toolbox.ts';
import { announceHttp, announceStdio } from './announce.ts';
import { createCalling } from './call.ts';
import { createInvocations } from './invocations.ts';
import { createListings } from './listings.ts';
import type { Handlers } from './server.ts';

export interface ServeOptions extends ToolBoxOptions {
  /** Over HTTP, on this port; `true` for a free one. */
  http?: number | true;
}

/** Runs an MCP server until its client goes or the signal aborts, which is its ordinary end. */
export async function serveTools(app: App, options: ServeOptions): Promise<void> {
  const account = await accountOf(app, options);
  const invocations = createInvocations(app, account);
  try {
    // What is wrong with a file is told now, and again to whoever calls after it was changed.
    await invocations.run(app.signal, (own) => openToolBox(own, options));
    await checkSettings(app, account);
    const tell = (line: string) =>
      app.terminal.notice(app.redactor.apply(visibleLine(line)), app.terminal.errStyle.dim);
    const context = { ...options, invocations, tell, redact: (text: string) => app.redactor.apply(text) };
    const handlers = { listTools: createListings(context), callTool: createCalling(context), tell };
    if (options.http === undefined) await overStdio(app, options, account, handlers);
    else await overHttp(app, options.http === true ? 0 : options.http, handlers);
  } finally {
    await invocations.close();
  }
  const { aborted: isAborted, reason } = app.signal;
  // A deadline or a closed stdout is told by main; Ctrl-C is how a server is stopped.
  if (isAborted && !(reason instanceof SkConnectError && reason.kind === 'interrupted')) throw reason;
}

async function overStdio(
  app: App,
  options: ServeOptions,
  account: Partial<AccountKey>,
  handlers: Handlers,
): Promise<void> {
  const { serveStdio } = await import('./stdio.ts');
  await announceStdio(app, options, account);
  await serveStdio(app, handlers);
}

async function overHttp(app: App, port: number, handlers: Handlers): Promise<void> {
  const { listenHttp } = await import('./http.ts');
  const server = await listenHttp(port, handlers);
  try {
    await announceHttp(app, server.url);
    if (!app.signal.aborted) await once(app.signal, 'abort');
    app.terminal.notice('Stopping…');
  } finally {
    await server.close();
  }
}

/** Whose tools they are. Contracts can be listed for nobody. */
async function accountOf(app: App, { contracts = [] }: ServeOptions): Promise<Partial<AccountKey>> {
  if (contracts.length === 0) return requireAccountKey(app);
  const connectionName = await app.settings.connectionName();
  if (connectionName !== undefined) {
    return { connectionName, identifier: await requireIdentifier(app, connectionName) };
  }
  const identifier = await app.settings.identifier();
  return identifier === undefined ? {} : { identifier };
}

async function checkSettings(app: App, { connectionName }: Partial<AccountKey>): Promise<void> {
  try {
    await app.settings.environment();
  } catch (error) {
    if (connectionName !== undefined || !(error instanceof SkConnectError)) throw error;
    app.terminal.notice(
      `The tools can be listed, and not called: ${error.message}`,
      app.terminal.errStyle.yellow,
    );
  }
}

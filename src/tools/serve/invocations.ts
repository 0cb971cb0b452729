import { Readable, Writable } from 'node:stream';
import { type App, createApp } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import type { Io } from '../../terminal/io.ts';

/** Apps for the calls of clients: each ends by itself, asks nothing, and prints nothing to the stdout that a protocol may need. */
export interface Invocations {
  /** With an app of its own, that the signal aborts. Its connections are kept for the next call. */
  run<T>(signal: AbortSignal, work: (app: App) => Promise<T>): Promise<T>;
  /** An app for more than one call. */
  open(): Invocation;
  close(): Promise<void>;
}

export interface Invocation {
  app: App;
  interrupt(): void;
  close(): Promise<void>;
}

/** For calls with this account, where it is known. */
export function createInvocations(app: App, account: Partial<AccountKey>): Invocations {
  const all = new Set<Invocation>();
  const idle: Invocation[] = [];
  const open = (): Invocation => {
    const interruption = new AbortController();
    const own = createApp(ownIo(app, account, interruption.signal), ownOptions(app), app.redactor);
    const invocation = {
      app: own,
      interrupt: () => interruption.abort(),
      close: async () => {
        all.delete(invocation);
        interruption.abort();
        await own.close();
      },
    };
    all.add(invocation);
    return invocation;
  };

  return {
    open,
    run: async (signal, work) => {
      const invocation = idle.pop() ?? open();
      const interrupt = () => invocation.interrupt();
      signal.addEventListener('abort', interrupt, { once: true });
      if (signal.aborted) interrupt();
      try {
        const result = await work(invocation.app);
        release(invocation);
        return result;
      } catch (error) {
        if (isReusable(error)) release(invocation);
        else await invocation.close();
        throw error;
      } finally {
        signal.removeEventListener('abort', interrupt);
      }
    },
    close: async () => {
      await Promise.all([...all].map((invocation) => invocation.close()));
    },
  };

  function release(invocation: Invocation): void {
    if (invocation.app.signal.aborted) void invocation.close();
    else idle.push(invocation);
  }
}

/** The environment may be another one by now: a sandbox that was started again. */
function isReusable(error: unknown): boolean {
  return error instanceof SkConnectError && ['usage', 'account', 'upstream'].includes(error.kind);
}

/** A deadline is one of the whole, and not of the calls. The account stands in the variables. */
function ownOptions({ options }: App): App['options'] {
  const { timeout: _t, jq: _jq, connection: _c, identifier: _i, ...own } = options;
  return { ...own, mayAsk: false };
}

/** As variables: a tool that names its connection itself need not remark on another one. */
function ownIo({ io }: App, { connectionName, identifier }: Partial<AccountKey>, interrupt: AbortSignal): Io {
  const { stderr, cwd, platform, homeDir, pid, signals } = io;
  const env = {
    ...io.env,
    SCALEKIT_CONNECTION_NAME: connectionName,
    SCALEKIT_IDENTIFIER: identifier,
  };
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  return { stdin: Readable.from([]), stdout, stderr, env, cwd, platform, homeDir, pid, interrupt, signals };
}

import type { App } from '../app.ts';
import { EndedAs } from '../end.ts';
import { runChild } from './child.ts';
import { runSandbox, type SandboxSource } from './run-sandbox.ts';

/**
 * Runs a command in a sandbox that is there for it alone, and ends with its exit code. stdin, stdout and stderr are the
 * command's; notices go to stderr before it begins.
 */
export async function execInSandbox(
  app: App,
  words: readonly string[],
  options: Omit<SandboxSource, 'port'>,
): Promise<void> {
  const running = await runSandbox(app, options);
  let exitCode: number;
  try {
    app.signal.throwIfAborted();
    const { url, env } = running.sandbox;
    app.terminal.notice(
      `The sandbox runs at ${url} with the connections ${running.connectionNames.join(', ')}.`,
    );
    for (const notice of running.notices) app.terminal.notice(notice);
    // Both names that Scalekit's samples read the address from.
    exitCode = await runChild(
      app,
      words,
      { ...app.io.env, ...env, SCALEKIT_ENVIRONMENT_URL: url },
      env.SK_CONNECT_SANDBOX_TOKEN,
    );
  } finally {
    await running.close();
  }
  app.signal.throwIfAborted();
  if (exitCode !== 0) throw new EndedAs(exitCode);
}

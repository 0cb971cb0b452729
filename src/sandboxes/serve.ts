import { once } from 'node:events';
import { resolve } from 'node:path';
import type { App } from '../app.ts';
import { stateFolder } from '../config/folders.ts';
import { registerSandbox, type SandboxRegistration } from '../config/sandboxes.ts';
import { SkConnectError, systemErrorCode } from '../errors.ts';
import { writeEnvFile } from './env-file.ts';
import { type RunningSandbox, runSandbox, type SandboxSource } from './run-sandbox.ts';

export interface ServeOptions extends SandboxSource {
  writeEnv?: string;
}

/** Runs a sandbox until the signal aborts, which is its ordinary end. */
export async function serveSandbox(app: App, options: ServeOptions): Promise<void> {
  const running = await runSandbox(app, options);
  const undo: (() => Promise<void>)[] = [() => running.close()];
  try {
    const { url: envUrl, env } = running.sandbox;
    const {
      SCALEKIT_CLIENT_ID: clientId,
      SCALEKIT_CLIENT_SECRET: clientSecret,
      SK_CONNECT_SANDBOX_TOKEN: controlToken,
    } = env;
    const registration = {
      envUrl,
      clientId,
      clientSecret,
      controlToken,
      pid: app.io.pid,
      startedAt: new Date().toISOString(),
    };
    const unlisted = await register(app, registration, undo);
    if (options.writeEnv !== undefined)
      undo.push(await writeEnvFile(resolve(app.io.cwd, options.writeEnv), env));
    await announce(app, running, unlisted);
    if (!app.signal.aborted) await once(app.signal, 'abort');
    app.terminal.notice('Stopping…');
  } finally {
    await Promise.all(undo.map((step) => step()));
  }
  // A deadline or a closed stdout is told by main; Ctrl-C is how a sandbox is stopped.
  const { reason } = app.signal;
  if (!(reason instanceof SkConnectError) || reason.kind !== 'interrupted') throw reason;
}

/** What there is to say where `--sandbox` will not find it: its variables open it all the same. */
async function register(
  app: App,
  registration: SandboxRegistration,
  undo: (() => Promise<void>)[],
): Promise<string | undefined> {
  const folder = stateFolder(app.io);
  try {
    undo.push(await registerSandbox(folder, registration));
    return undefined;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return `--sandbox will not find it: ${folder} cannot be written (${code}). Set SK_CONNECT_STATE_DIR to a folder that can, or use the variables.`;
  }
}

async function announce(
  app: App,
  { sandbox, connectionNames, notices }: RunningSandbox,
  unlisted: string | undefined,
): Promise<void> {
  const { terminal } = app;
  if (terminal.isJson) {
    await terminal.printJson({
      envUrl: sandbox.url,
      env: sandbox.env,
      pid: app.io.pid,
      connections: connectionNames,
    });
  } else {
    const lines = Object.entries(sandbox.env).map(([name, value]) => `export ${name}=${value}\n`);
    await terminal.print(lines.join(''));
  }
  terminal.notice(`\nThe sandbox runs at ${sandbox.url} with the connections ${connectionNames.join(', ')}.`);
  for (const notice of notices) terminal.notice(notice);
  if (unlisted !== undefined) terminal.error(unlisted, terminal.errStyle.yellow);
  const flag = unlisted === undefined ? ' --sandbox' : '';
  terminal.notice(`In another terminal, paste the lines above${flag && ` or add${flag}`}:`);
  terminal.notice(`  sk-connect authorize${flag} -c ${connectionNames[0] ?? 'NAME'} -i user_123`);
  terminal.notice(`What happens in it is shown at ${sandbox.url}/, live. Ctrl-C stops it.`);
}

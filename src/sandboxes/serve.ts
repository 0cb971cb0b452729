import { once } from 'node:events';
import { resolve } from 'node:path';
import type { App } from '../app.ts';
import { stateFolder } from '../config/folders.ts';
import { registerSandbox } from '../config/sandboxes.ts';
import { SkConnectError, systemErrorCode, usageError } from '../errors.ts';
import type { Sandbox, SandboxConfig } from '../sandbox/start.ts';
import { writeEnvFile } from './env-file.ts';

export interface ServeOptions {
  /** A free one where it is left out. */
  port?: number;
  /** The demo providers where it is left out. */
  config?: string;
  writeEnv?: string;
}

interface Running {
  sandbox: Sandbox;
  connectionNames: string[];
  /** What else a user has to know, as notices. */
  notices: readonly string[];
  close(): Promise<void>;
}

/** Runs a sandbox until the signal aborts, which is its ordinary end. */
export async function serveSandbox(app: App, options: ServeOptions): Promise<void> {
  const running = await start(app, options);
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
    undo.push(await registerSandbox(stateFolder(app.io), registration));
    if (options.writeEnv !== undefined)
      undo.push(await writeEnvFile(resolve(app.io.cwd, options.writeEnv), env));
    await announce(app, running);
    if (!app.signal.aborted) await once(app.signal, 'abort');
    app.terminal.notice('Stopping…');
  } finally {
    await Promise.all(undo.map((step) => step()));
  }
  // A deadline or a closed stdout is told by main; Ctrl-C is how a sandbox is stopped.
  const { reason } = app.signal;
  if (!(reason instanceof SkConnectError) || reason.kind !== 'interrupted') throw reason;
}

async function start(app: App, options: ServeOptions): Promise<Running> {
  const { startSandbox } = await import('../sandbox/start.ts');
  const source = options.config === undefined ? await demoSource() : await configSource(app, options.config);
  try {
    const sandbox = await startSandbox({ config: source.config, port: options.port ?? 0 });
    return {
      sandbox,
      connectionNames: source.config.connections.map(({ name }) => name),
      notices: source.notices,
      close: async () => {
        await Promise.all([sandbox.close(), source.close()]);
      },
    };
  } catch (error) {
    await source.close();
    if (systemErrorCode(error) === 'EADDRINUSE') throw portInUse(options.port);
    if (systemErrorCode(error) === 'EACCES')
      throw usageError(`port ${options.port} may not be used`, 'Choose another --port, above 1023.');
    throw error;
  }
}

interface ConfigSource {
  config: SandboxConfig;
  notices: readonly string[];
  close(): Promise<void>;
}

async function demoSource(): Promise<ConfigSource> {
  const { startDemoProviders } = await import('../sandbox/demo/providers.ts');
  const providers = await startDemoProviders();
  return {
    config: providers.config,
    notices: [`weather-demo takes the API key ${providers.weatherApiKey}`],
    close: () => providers.close(),
  };
}

async function configSource(app: App, file: string): Promise<ConfigSource> {
  const { loadSandboxConfig, SandboxConfigError } = await import('../sandbox/start.ts');
  try {
    const config = await loadSandboxConfig(resolve(app.io.cwd, file), app.io.env);
    return { config, notices: [], close: async () => {} };
  } catch (error) {
    if (!(error instanceof SandboxConfigError)) throw error;
    const lines = error.problems.map((problem) => {
      const { path, line, column, message } = problem;
      const place = line === undefined ? '' : `:${line}:${column ?? 1}`;
      return `  ${problem.file ?? file}${place} ${path === '' ? '' : `${path}: `}${message}`;
    });
    throw usageError(
      [`the sandbox configuration is wrong:`, ...lines].join('\n'),
      'The README shows a whole one.',
      {
        code: 'bad_sandbox_config',
        details: { problems: error.problems },
      },
    );
  }
}

async function announce(app: App, { sandbox, connectionNames, notices }: Running): Promise<void> {
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
  terminal.notice('In another terminal, paste the lines above or add --sandbox:');
  terminal.notice(`  sk-connect authorize --sandbox -c ${connectionNames[0] ?? 'NAME'} -i user_123`);
  terminal.notice('Ctrl-C stops it.');
}

function portInUse(port: number | undefined): SkConnectError {
  return usageError(
    `port ${port} is in use, perhaps by a sandbox that runs already`,
    'Stop that one, use it with --sandbox, or choose another --port.',
    {
      code: 'port_in_use',
    },
  );
}

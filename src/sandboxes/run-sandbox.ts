import { resolve } from 'node:path';
import type { App } from '../app.ts';
import { type SkConnectError, systemErrorCode, usageError } from '../errors.ts';
import type { Sandbox, SandboxConfig } from '../sandbox/start.ts';
import { commandLine } from '../terminal/command-line.ts';

export interface SandboxSource {
  /** A free one where it is left out. */
  port?: number;
  /** The demo providers where it is left out. */
  config?: string;
  /** A file that keeps accounts and tokens; in memory where it is left out. */
  state?: string;
  /** The config's where it is left out. */
  userVerification?: 'off' | 'custom';
}

export interface RunningSandbox {
  sandbox: Sandbox;
  connectionNames: string[];
  /** What else a user has to know, as notices. */
  notices: readonly string[];
  close(): Promise<void>;
}

export async function runSandbox(app: App, options: SandboxSource): Promise<RunningSandbox> {
  const { startSandbox, StateFileError } = await import('../sandbox/start.ts');
  const source = options.config === undefined ? await demoSource() : await configSource(app, options.config);
  try {
    const sandbox = await startSandbox({
      config: withUserVerification(source.config, options.userVerification),
      ...(options.port !== undefined && { port: options.port }),
      ...(options.state !== undefined && { state: resolve(app.io.cwd, options.state) }),
      warn: (message) => app.terminal.error(app.redactor.apply(message), app.terminal.errStyle.yellow),
    });
    return {
      sandbox,
      connectionNames: sandbox.control.connections().map(({ name }) => name),
      notices: [
        ...source.notices,
        ...sandbox.warnings,
        ...(options.config === undefined ? expireForgotten(sandbox) : []),
      ],
      close: async () => {
        await Promise.all([sandbox.close(), source.close()]);
      },
    };
  } catch (error) {
    await source.close();
    if (error instanceof StateFileError) throw badStateFile(error);
    if (systemErrorCode(error) === 'EADDRINUSE') throw portInUse(options.port);
    if (systemErrorCode(error) === 'EACCES')
      throw usageError(`port ${options.port} may not be used`, 'Choose another --port, above 1023.');
    throw error;
  }
}

function withUserVerification(config: SandboxConfig, mode: SandboxSource['userVerification']): SandboxConfig {
  if (mode === undefined) return config;
  return { ...config, environment: { ...config.environment, user_verification: mode } };
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
  const path = resolve(app.io.cwd, file);
  try {
    const config = await loadSandboxConfig(path, app.io.env);
    return { config, notices: [], close: async () => {} };
  } catch (error) {
    if (!(error instanceof SandboxConfigError)) throw error;
    const lines = error.problems.map((problem) => {
      const { path: key, line, column, message } = problem;
      const place = line === undefined ? '' : `:${line}:${column ?? 1}`;
      const named = problem.file === undefined || problem.file === path ? file : problem.file;
      return `  ${named}${place} ${key === '' ? '' : `${key}: `}${message}`;
    });
    throw usageError(
      [`the sandbox configuration is wrong:`, ...lines].join('\n'),
      `Check it without a start: ${commandLine({}, 'sandbox', 'validate', file)}`,
      {
        code: 'bad_sandbox_config',
        details: { problems: error.problems },
      },
    );
  }
}

/** What a state file kept of an earlier demo: its providers are new, and know none of their predecessors' tokens and keys. */
function expireForgotten({ control }: Sandbox): string[] {
  const forgotten = control
    .accounts({ status: 'ACTIVE' })
    .filter(({ authorizationType }) => authorizationType !== 'NO_AUTH');
  for (const { connectionName, identifier } of forgotten)
    control.setAccountStatus(connectionName, identifier, 'EXPIRED');
  if (forgotten.length === 0) return [];
  const names = forgotten
    .slice(0, 5)
    .map(({ connectionName, identifier }) => `${identifier} on ${connectionName}`);
  return [`The demo's providers are new at every start, and ask anew for: ${names.join(', ')}.`];
}

const STATE_HINTS: Record<string, string> = {
  in_use: 'Stop that one, or name another --state FILE.',
  damaged: 'It was left as it is. Name another --state FILE, or move it away to begin anew.',
  other_version: 'It was left as it is. Name another --state FILE.',
};

function badStateFile({ message, code }: { message: string; code: string }): SkConnectError {
  const hint = STATE_HINTS[code] ?? 'Name a --state FILE in a folder that can be written.';
  return usageError(message, hint, { code: `state_file_${code}` });
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

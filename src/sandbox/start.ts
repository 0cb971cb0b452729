import { sandboxApp } from './app.ts';
import { requireOptions } from './config/check-options.ts';
import type { SandboxConfig } from './config/types.ts';
import { validateConfig } from './config/validate.ts';
import { createOperations } from './control/operations.ts';
import type { SandboxControl } from './interface/control.ts';
import type { Sandbox, SandboxOptions } from './interface.ts';
import { watchTokens } from './oauth/watch.ts';
import { openPersistence, type Persistence } from './persistence/persistence.ts';
import { listen } from './server.ts';
import { createState } from './state/create-state.ts';
import type { SandboxState } from './state/sandbox-state.ts';
import { requireRightTools } from './tools/check.ts';
import { upstreamWarnings } from './upstream/warnings.ts';
import { startWebhooks } from './webhooks/webhooks.ts';

export { loadSandboxConfig } from './config/load.ts';
export { type ConfigProblem, SandboxConfigError } from './config/problems.ts';
export type {
  AccountConfig,
  AccountStatus,
  AuthPattern,
  AuthType,
  ConnectionConfig,
  ConnectorDefinition,
  SandboxConfig,
} from './config/types.ts';
export type {
  AccountFilter,
  AccountReference,
  LinkDenial,
  LinkFilter,
  SandboxAccount,
  SandboxClock,
  SandboxConnection,
  SandboxControl,
  SandboxLink,
  SandboxOverview,
  SandboxSnapshot,
} from './interface/control.ts';
export { SandboxControlError } from './interface/control-error.ts';
export type { Exchange, ExchangeFilter, ExchangePage } from './interface/exchanges.ts';
export type { Fault, FaultEffect, FaultInput, FaultMatch } from './interface/faults.ts';
export type { Sandbox, SandboxOptions } from './interface.ts';
export { StateFileError } from './persistence/state-file-error.ts';

/**
 * A Scalekit environment on 127.0.0.1 that the unmodified SDK accepts.
 * @throws SandboxConfigError for wrong options or a wrong config; StateFileError; what `listen` throws (`EADDRINUSE`) for the port.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  requireOptions(options);
  const given = validateConfig(options.config);
  await requireRightTools(given);
  // What the caller makes of theirs later, or another sandbox of the same, is not this one's.
  const config = structuredClone(given);
  const persistence = await openPersistence(options);
  try {
    return await startWith(persistence, config, options);
  } catch (error) {
    persistence.close();
    throw error;
  }
}

async function startWith(
  persistence: Persistence,
  config: SandboxConfig,
  options: SandboxOptions,
): Promise<Sandbox> {
  const ending = new AbortController();
  const state = await createState(config, options, ending.signal, persistence.environment);
  persistence.fill(state);
  const control = createOperations(state);
  const server = await listenAgain(state, control, options, persistence.environment?.port);
  state.origin = `http://127.0.0.1:${server.port}`;
  watchTokens(state);
  startWebhooks(state);

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shutDown());
  async function shutDown(): Promise<void> {
    ending.abort();
    await Promise.all([server.close(), state.upstream.destroy()]);
    persistence.close();
  }

  try {
    const warnings = [...upstreamWarnings(config), ...persistence.begin(state)];
    return {
      url: state.origin,
      port: server.port,
      env: {
        SCALEKIT_ENV_URL: state.origin,
        SCALEKIT_CLIENT_ID: state.client.id,
        SCALEKIT_CLIENT_SECRET: state.client.secret,
        SK_CONNECT_SANDBOX_TOKEN: state.controlToken,
      },
      warnings,
      control,
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where it listened in an earlier run, as what was given out then names that place; on a free port where it is taken. */
async function listenAgain(
  state: SandboxState,
  control: SandboxControl,
  options: SandboxOptions,
  port: number | undefined,
) {
  const app = sandboxApp(state, control);
  if (options.port !== undefined || port === undefined) return listen(state, app, options);
  try {
    return await listen(state, app, { ...options, port });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') throw error;
    return listen(state, app, options);
  }
}

import { sandboxApp } from './app.ts';
import { validateConfig } from './config/validate.ts';
import { createControl } from './control.ts';
import type { Sandbox, SandboxOptions } from './interface.ts';
import { watchTokens } from './oauth/watch.ts';
import { listen } from './server.ts';
import { createState } from './state/create-state.ts';
import { seed } from './state/seed.ts';
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
export type { Sandbox, SandboxControl, SandboxOptions } from './interface.ts';

/**
 * A Scalekit environment on 127.0.0.1 that the unmodified SDK accepts.
 * @throws SandboxConfigError for a wrong config; what `listen` throws (`EADDRINUSE`) for the port.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const config = validateConfig(options.config);
  const ending = new AbortController();
  const state = await createState(config, options, ending.signal);
  seed(state);
  watchTokens(state);
  startWebhooks(state);
  const server = await listen(state, sandboxApp(state), options);
  state.origin = `http://127.0.0.1:${server.port}`;

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shutDown());
  async function shutDown(): Promise<void> {
    ending.abort();
    await Promise.all([server.close(), state.upstream.destroy()]);
  }

  return {
    url: state.origin,
    port: server.port,
    env: {
      SCALEKIT_ENV_URL: state.origin,
      SCALEKIT_CLIENT_ID: state.client.id,
      SCALEKIT_CLIENT_SECRET: state.client.secret,
      SK_CONNECT_SANDBOX_TOKEN: state.controlToken,
    },
    warnings: upstreamWarnings(config, state.guard),
    control: createControl(state),
    close,
    [Symbol.asyncDispose]: close,
  };
}

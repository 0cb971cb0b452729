import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { SandboxConfig } from '../../../src/sandbox/config/types.ts';
import { type ConsentOptions, completeConsent } from '../../../src/sandbox/demo/consent.ts';
import { type DemoProviders, startDemoProviders } from '../../../src/sandbox/demo/providers.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { type Finished, type Running, type RunOptions, run, start } from '../run.ts';
import { addSecret } from '../secrets.ts';
import { type RestApi, restApi } from './http.ts';

export interface TestEnvironment {
  sandbox: Sandbox;
  providers: DemoProviders;
  /** What the connections `rest` (BEARER), `keyed` (API_KEY) and `basic` (BASIC) lead to. */
  rest: RestApi;
  /** The token of user_1 on `rest`. */
  restToken: string;
  /** Moves the sandbox's clock. */
  clock: { offsetMs: number };
  /** With the variables of the sandbox set. */
  run(argv: readonly string[], options?: RunOptions): Promise<Finished>;
  start(argv: readonly string[], options?: RunOptions): Running;
  statusOf(connectionName: string, identifier: string): string | undefined;
  /** The user's part: opens the pending link of an account and finishes there. */
  consent(connectionName: string, identifier: string, options?: ConsentOptions): Promise<void>;
}

type Extra = (given: {
  rest: RestApi;
  token: string;
}) => Promise<Partial<SandboxConfig>> | Partial<SandboxConfig>;

/** A sandbox with the demo's providers and a REST API of the test's own, for one test file. */
export function useEnvironment(extra: Extra = () => ({})): TestEnvironment {
  const environment = {} as TestEnvironment;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const clock = { offsetMs: 0 };
    const providers = await startDemoProviders();
    closing.push(() => providers.close());
    const rest = await restApi();
    closing.push(() => rest.close());
    const restToken = `tok_${randomBytes(12).toString('hex')}`;
    const own = await extra({ rest, token: restToken });
    const config = merge(providers.config, restConfig(rest.origin, restToken), own);
    const sandbox = await startSandbox({ config, now: () => Date.now() + clock.offsetMs });
    closing.push(() => sandbox.close());
    rememberSecrets(config, sandbox, providers, restToken);
    const withEnv = (options: RunOptions = {}) => ({ ...options, env: { ...sandbox.env, ...options.env } });
    Object.assign(environment, {
      sandbox,
      providers,
      rest,
      restToken,
      clock,
      run: (argv: readonly string[], options?: RunOptions) => run(argv, withEnv(options)),
      start: (argv: readonly string[], options?: RunOptions) => start(argv, withEnv(options)),
      statusOf: (connectionName: string, identifier: string) =>
        sandbox.control
          .accounts()
          .find((each) => each.connectionName === connectionName && each.identifier === identifier)?.status,
      consent: (connectionName: string, identifier: string, options: ConsentOptions = {}) =>
        consent(sandbox, connectionName, identifier, options),
    } satisfies TestEnvironment);
  });
  afterAll(async () => {
    await Promise.all(closing.map((close) => close()));
  });
  return environment;
}

async function consent(
  sandbox: Sandbox,
  connectionName: string,
  identifier: string,
  options: ConsentOptions,
): Promise<void> {
  const links = sandbox.control.pendingLinks();
  const pending = links.findLast(
    (link) => link.connectionName === connectionName && link.identifier === identifier,
  );
  if (pending === undefined) throw new Error(`no link of ${identifier} on ${connectionName} is pending`);
  await completeConsent(pending.link, options);
}

function rememberSecrets(
  config: SandboxConfig,
  sandbox: Sandbox,
  providers: DemoProviders,
  token: string,
): void {
  addSecret('the client secret', sandbox.env.SCALEKIT_CLIENT_SECRET);
  addSecret('the token of user_1 on rest', token);
  addSecret("the weather API's key", providers.weatherApiKey);
  for (const { name, oauth } of config.connections) {
    if (oauth?.client_secret) addSecret(`the OAuth client secret of ${name}`, oauth.client_secret);
  }
}

function merge(...parts: readonly Partial<SandboxConfig>[]): SandboxConfig {
  return {
    environment: Object.assign({}, ...parts.map(({ environment }) => environment)),
    connectors: parts.flatMap(({ connectors = [] }) => connectors),
    connections: parts.flatMap(({ connections = [] }) => connections),
    accounts: parts.flatMap(({ accounts = [] }) => accounts),
  };
}

function restConfig(origin: string, token: string): Partial<SandboxConfig> {
  const connector = { proxy_url: origin, proxy_enabled: true };
  return {
    connectors: [
      { ...connector, display_name: 'Test Rest', auth_patterns: [{ type: 'BEARER' }] },
      {
        ...connector,
        display_name: 'Test Keyed',
        auth_patterns: [{ type: 'API_KEY', auth_header_key_override: 'X-Key' }],
      },
      { ...connector, display_name: 'Test Basic', auth_patterns: [{ type: 'BASIC' }] },
      { ...connector, display_name: 'Test Off', proxy_enabled: false, auth_patterns: [{ type: 'BEARER' }] },
    ],
    connections: [
      { name: 'rest', connector: 'test-rest' },
      { name: 'keyed', connector: 'test-keyed' },
      { name: 'basic', connector: 'test-basic' },
      { name: 'off', connector: 'test-off' },
    ],
    accounts: [
      { connection: 'rest', identifier: 'user_1', credentials: { token } },
      { connection: 'off', identifier: 'user_1', credentials: { token } },
      { connection: 'rest', identifier: 'expired', status: 'EXPIRED', credentials: { token } },
    ],
  };
}

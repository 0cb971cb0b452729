import type { AuthPattern } from '../../../src/sandbox/config/types.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { type Finished, type RunOptions, run } from '../../commands/run.ts';
import { addSecret } from '../../commands/secrets.ts';

export interface Provider {
  sandbox: Sandbox;
  /** `sk-connect request` with the right credential. */
  request(argv: readonly string[], options?: RunOptions): Promise<Finished>;
  /** With one that the provider does not know. */
  requestAsStranger(argv: readonly string[], options?: RunOptions): Promise<Finished>;
}

/** A sandbox with one connection, `provider`, that leads to a third party's server. */
export async function connect(
  proxyUrl: string,
  pattern: AuthPattern,
  right: Readonly<Record<string, string>>,
  wrong: Readonly<Record<string, string>>,
): Promise<Provider> {
  for (const [name, value] of Object.entries(right)) if (value.length >= 8) addSecret(name, value);
  const sandbox = await startSandbox({
    config: {
      connectors: [
        { display_name: 'Provider', proxy_url: proxyUrl, proxy_enabled: true, auth_patterns: [pattern] },
      ],
      connections: [{ name: 'provider', connector: 'provider' }],
      accounts: [
        { connection: 'provider', identifier: 'user_1', credentials: { ...right } },
        { connection: 'provider', identifier: 'stranger', credentials: { ...wrong } },
      ],
    },
  });
  const as =
    (identifier: string) =>
    (argv: readonly string[], options: RunOptions = {}) =>
      run(['request', ...argv, '-c', 'provider', '-i', identifier], {
        ...options,
        env: { ...sandbox.env, ...options.env },
      });
  return { sandbox, request: as('user_1'), requestAsStranger: as('stranger') };
}

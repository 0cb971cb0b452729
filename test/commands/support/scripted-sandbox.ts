import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { SandboxConfig } from '../../../src/sandbox/config/types.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { type Finished, type Running, type RunOptions, run, start } from '../run.ts';
import { addSecret } from '../secrets.ts';

export interface ScriptedSandbox {
  sandbox: Sandbox;
  config: SandboxConfig;
  /** Of user_1 on `keys`. */
  token: string;
  /** With the sandbox's variables; `sandbox` stands before the words. */
  run(words: readonly string[], options?: RunOptions): Promise<Finished>;
  start(words: readonly string[], options?: RunOptions): Running;
}

/** A sandbox of the test's own: `keys` takes a bearer token and has user_1, `forms` takes an API key and has nobody. */
export async function scriptedSandbox(): Promise<ScriptedSandbox> {
  const token = `tok_${randomBytes(12).toString('hex')}`;
  const connector = { proxy_url: 'http://127.0.0.1:1', proxy_enabled: true };
  const config: SandboxConfig = {
    connectors: [
      { ...connector, display_name: 'Keys', auth_patterns: [{ type: 'BEARER' }] },
      { ...connector, display_name: 'Forms', auth_patterns: [{ type: 'API_KEY' }] },
    ],
    connections: [
      { name: 'keys', connector: 'keys' },
      { name: 'forms', connector: 'forms' },
    ],
    accounts: [{ connection: 'keys', identifier: 'user_1', credentials: { token } }],
  };
  const sandbox = await startSandbox({ config });
  onTestFinished(() => sandbox.close());
  addSecret('the token of user_1', token);
  addSecret('the client secret', sandbox.env.SCALEKIT_CLIENT_SECRET);
  addSecret('the control token', sandbox.env.SK_CONNECT_SANDBOX_TOKEN);
  const withEnv = (options: RunOptions = {}) => ({ ...options, env: { ...sandbox.env, ...options.env } });
  return {
    sandbox,
    config,
    token,
    run: (words, options) => run(['sandbox', ...words], withEnv(options)),
    start: (words, options) => start(['sandbox', ...words], withEnv(options)),
  };
}

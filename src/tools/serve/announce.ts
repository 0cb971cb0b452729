import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { App } from '../../app.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import type { ToolBoxOptions } from '../toolbox.ts';

/** How to add the server to a client, which starts it by itself and anywhere. */
export async function announceStdio(
  app: App,
  options: ToolBoxOptions,
  account: Partial<AccountKey>,
): Promise<void> {
  const { terminal } = app;
  terminal.notice('This is an MCP server on stdin and stdout, for a client to start:');
  printConfig(app, {
    command: 'sk-connect',
    args: ['tools', 'serve', ...(await flags(app, options, account))],
    ...ownEnv(app),
  });
  if (app.io.stdin.isTTY === true) terminal.notice('Ctrl-C stops it.');
}

/** The address is the result. */
export async function announceHttp(app: App, url: string): Promise<void> {
  const { terminal } = app;
  if (terminal.isJson) await terminal.printJson({ url, pid: app.io.pid });
  else await terminal.print(`${url}\n`);
  terminal.notice(`An MCP server is at ${url}, for programs on this machine:`);
  printConfig(app, { type: 'http', url });
  terminal.notice('Ctrl-C stops it.');
}

function printConfig({ terminal }: App, server: object): void {
  terminal.notice(JSON.stringify({ mcpServers: { 'sk-connect': server } }, null, 2));
}

async function flags(
  { io, options }: App,
  { contracts = [], preflight }: ToolBoxOptions,
  { connectionName, identifier }: Partial<AccountKey>,
): Promise<string[]> {
  const envFile = options.envFile ?? ((await exists(resolve(io.cwd, '.env'))) ? '.env' : undefined);
  const isConfigured = options.sandbox !== true;
  return [
    ...contracts.flatMap((file) => ['--contracts', resolve(io.cwd, file)]),
    ...(connectionName === undefined ? [] : ['-c', connectionName]),
    ...(identifier === undefined ? [] : ['-i', identifier]),
    ...(preflight === false ? ['--no-preflight'] : []),
    ...(options.sandbox ? ['--sandbox'] : []),
    ...(isConfigured && envFile !== undefined ? ['--env-file', resolve(io.cwd, envFile)] : []),
    ...(options.envUrl === undefined ? [] : ['--env-url', options.envUrl]),
    ...(options.clientId === undefined ? [] : ['--client-id', options.clientId]),
    ...(options.insecureHttp ? ['--insecure-http'] : []),
  ];
}

const VARIABLES = ['SCALEKIT_ENV_URL', 'SCALEKIT_ENVIRONMENT_URL', 'SCALEKIT_CLIENT_ID'];

/** What this process was given, and one that a client starts is not. The secret is for the reader to fill in. */
function ownEnv({ io, options }: App): { env?: Record<string, string> } {
  if (options.sandbox === true) return {};
  const given = VARIABLES.flatMap((name) => {
    const value = io.env[name];
    return value ? [[name, value] as const] : [];
  });
  const secret = io.env['SCALEKIT_CLIENT_SECRET']
    ? [['SCALEKIT_CLIENT_SECRET', '<the client secret>'] as const]
    : [];
  const env = Object.fromEntries([...given, ...secret]);
  return Object.keys(env).length === 0 ? {} : { env };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

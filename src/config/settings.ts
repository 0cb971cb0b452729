import { type SkConnectError, usageError } from '../errors.ts';
import { isLoopback } from '../http/loopback.ts';
import type { Io } from '../terminal/io.ts';
import { normalizeEnvUrl } from './env-url.ts';
import { type FoundSandbox, findSandbox, sandboxAt } from './find-sandbox.ts';
import { stateFolder } from './folders.ts';
import type { GlobalOptions } from './options.ts';
import { registeredAt } from './sandboxes.ts';
import { readVariables, type Variables } from './variables.ts';

/** The environment that is spoken to, and what signs in to it. */
export interface Environment {
  /** An origin without a trailing slash. */
  envUrl: string;
  clientId: string;
  clientSecret: string;
}

/** Where values come from, in this order: flag, process environment, `--env-file`, `./.env`. Read once, when first asked. */
export interface Settings {
  /** Throws a usage error that names every variable that is missing. */
  environment(): Promise<Environment>;
  /** The sandbox that is meant, `--sandbox` given or not. Throws a usage error where none runs. */
  sandbox(): Promise<FoundSandbox>;
  /** The token of `/sandbox/v1` in that environment; undefined where it is no sandbox on this machine, or none that is known. */
  sandboxToken(): Promise<string | undefined>;
  connectionName(): Promise<string | undefined>;
  identifier(): Promise<string | undefined>;
  /** `--no-token-cache` or SK_CONNECT_NO_TOKEN_CACHE=1 turn it off. */
  usesTokenCache(): Promise<boolean>;
}

export function createSettings(io: Io, options: GlobalOptions): Settings {
  let read: Promise<Variables> | undefined;
  const variables = () => (read ??= readVariables(io, options.envFile));
  const value = async (flag: string | undefined, name: string) => flag || (await variables()).get(name);
  // Found once: between two looks another sandbox may have been started.
  let found: FoundSandbox | undefined;
  const sandbox = async () => (found ??= await findSandbox(io, await variables()));
  const environment = async () =>
    options.sandbox ? environmentOf(await sandbox()) : configuredEnvironment(await variables(), options);

  return {
    environment,
    sandbox: async () =>
      options.envUrl === undefined ? sandbox() : sandboxAt(io, await variables(), options.envUrl),
    sandboxToken: async () => {
      if (options.sandbox) return (await sandbox()).controlToken;
      const { envUrl } = await environment();
      // The token of a sandbox is sent to nobody else.
      if (!isLoopback(new URL(envUrl).hostname)) return undefined;
      const given = (await variables()).get('SK_CONNECT_SANDBOX_TOKEN');
      return given ?? (await registeredAt(stateFolder(io), envUrl))?.controlToken;
    },
    connectionName: () => value(options.connection, 'SCALEKIT_CONNECTION_NAME'),
    identifier: () => value(options.identifier, 'SCALEKIT_IDENTIFIER'),
    usesTokenCache: async () =>
      options.tokenCache !== false && !isSet((await variables()).get('SK_CONNECT_NO_TOKEN_CACHE')),
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value.toLowerCase() !== 'false';
}

function environmentOf({ envUrl, clientId, clientSecret }: FoundSandbox): Environment {
  if (clientId !== undefined && clientSecret !== undefined) return { envUrl, clientId, clientSecret };
  throw missingSettings({ envUrl, clientId, clientSecret });
}

function configuredEnvironment(variables: Variables, options: GlobalOptions): Environment {
  const urlSource = options.envUrl
    ? '--env-url'
    : variables.has('SCALEKIT_ENV_URL')
      ? 'SCALEKIT_ENV_URL'
      : 'SCALEKIT_ENVIRONMENT_URL';
  const envUrl = options.envUrl || variables.get(urlSource);
  const clientId = options.clientId || variables.get('SCALEKIT_CLIENT_ID');
  const clientSecret = variables.get('SCALEKIT_CLIENT_SECRET');
  if (!envUrl || !clientId || !clientSecret) throw missingSettings({ envUrl, clientId, clientSecret });
  return {
    envUrl: normalizeEnvUrl(envUrl, urlSource, options.insecureHttp),
    clientId: headerSafe(clientId, 'SCALEKIT_CLIENT_ID'),
    clientSecret,
  };
}

function missingSettings(found: { [name in keyof Environment]: string | undefined }): SkConnectError {
  const missing = [
    ...(found.envUrl ? [] : ['SCALEKIT_ENV_URL (or --env-url)']),
    ...(found.clientId ? [] : ['SCALEKIT_CLIENT_ID (or --client-id)']),
    ...(found.clientSecret ? [] : ['SCALEKIT_CLIENT_SECRET']),
  ];
  return usageError(
    `not set: ${missing.join(', ')}`,
    'Set them in the environment or in a .env file (app.scalekit.com → Developers → Settings → API Credentials), or try without an account: sk-connect demo',
    { code: 'missing_settings' },
  );
}

function headerSafe(value: string, name: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw usageError(`${name} holds a space or a character that is no part of a client id`, 'Copy it again.');
}

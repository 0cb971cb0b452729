import { usageError } from '../errors.ts';
import { isLoopback } from '../http/loopback.ts';
import type { Io } from '../terminal/io.ts';
import { normalizeEnvUrl } from './env-url.ts';
import { stateFolder } from './folders.ts';
import { findRunningSandbox, listens, registeredAt } from './sandboxes.ts';
import type { Variables } from './variables.ts';

/** A sandbox on this machine: its token goes nowhere else. */
export interface FoundSandbox {
  /** An origin. */
  envUrl: string;
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  controlToken?: string | undefined;
}

type Place = Pick<Io, 'env' | 'homeDir' | 'platform' | 'cwd'>;

/**
 * The sandbox that is meant: the one that the variables name while it runs, as they do within `sandbox exec` and after
 * `sandbox start`; else the one that was started last. Throws a usage error where none runs.
 */
export async function findSandbox(place: Place, variables: Variables): Promise<FoundSandbox> {
  const url = variables.get('SCALEKIT_ENV_URL') ?? variables.get('SCALEKIT_ENVIRONMENT_URL');
  return (url && (await namedSandbox(place, variables, url))) || findRunningSandbox(stateFolder(place));
}

/** The sandbox at this address. Throws a usage error where there is none. */
export async function sandboxAt(place: Place, variables: Variables, url: string): Promise<FoundSandbox> {
  const envUrl = normalizeEnvUrl(url, '--env-url', true);
  const found = await namedSandbox(place, variables, envUrl);
  if (found) return found;
  throw usageError(
    `${envUrl} is no sandbox that runs on this machine`,
    'Start one: sk-connect sandbox start',
    {
      code: 'no_sandbox',
    },
  );
}

async function namedSandbox(
  place: Place,
  variables: Variables,
  named: string,
): Promise<FoundSandbox | undefined> {
  if (!URL.canParse(named)) return undefined;
  const url = new URL(named);
  if (url.protocol !== 'http:' || !isLoopback(url.hostname)) return undefined;
  const registered = await registeredAt(stateFolder(place), url.origin);
  const controlToken = variables.get('SK_CONNECT_SANDBOX_TOKEN') ?? registered?.controlToken;
  if (controlToken === undefined || !(await listens(url))) return undefined;
  return {
    envUrl: url.origin,
    clientId: variables.get('SCALEKIT_CLIENT_ID') ?? registered?.clientId,
    clientSecret: variables.get('SCALEKIT_CLIENT_SECRET') ?? registered?.clientSecret,
    controlToken,
  };
}

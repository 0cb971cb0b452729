import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode, usageError } from '../errors.ts';
import { writePrivateFile } from './private-file.ts';

/** A running sandbox, as it registers itself for `--sandbox`. */
export interface SandboxRegistration {
  envUrl: string;
  clientId: string;
  clientSecret: string;
  /** Opens the control API; missing where an older sk-connect registered. */
  controlToken?: string;
  pid: number;
  /** ISO 8601. */
  startedAt: string;
}

/** Registers a sandbox under the state folder; the file goes by its port. Returns how to take that back. */
export async function registerSandbox(
  stateFolder: string,
  registration: SandboxRegistration,
): Promise<() => Promise<void>> {
  const path = join(stateFolder, 'sandboxes', `${new URL(registration.envUrl).port}.json`);
  await writePrivateFile(path, `${JSON.stringify(registration, null, 2)}\n`);
  return () => rm(path, { force: true });
}

/** The sandbox that was started last and still listens. Throws a usage error where none does. */
export async function findRunningSandbox(stateFolder: string): Promise<SandboxRegistration> {
  const registrations = await readRegistrations(join(stateFolder, 'sandboxes'));
  registrations.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  for (const registration of registrations) {
    // Asked at its port, not by its pid: a pid is given to another process, and a container has its own.
    if (await listens(new URL(registration.envUrl))) return registration;
  }
  throw usageError('no sandbox is running', 'Start one in another terminal: sk-connect sandbox start', {
    code: 'no_sandbox',
  });
}

/** The sandbox that registered itself with this port, whether it still listens or not. */
export function registeredAt(stateFolder: string, envUrl: string): Promise<SandboxRegistration | undefined> {
  return readRegistration(join(stateFolder, 'sandboxes', `${new URL(envUrl).port}.json`));
}

/** Whether anybody does. */
export async function listens(url: URL): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), timeout: 1000 });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}

async function readRegistrations(folder: string): Promise<SandboxRegistration[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw usageError(
      `the state folder cannot be read: ${folder}`,
      'Set SK_CONNECT_STATE_DIR to one that can.',
    );
  });
  const files = names.filter((name) => name.endsWith('.json'));
  const found = await Promise.all(files.map((name) => readRegistration(join(folder, name))));
  return found.filter((registration) => registration !== undefined);
}

/** A file that a killed sandbox left, or that somebody else wrote there, is passed over. */
async function readRegistration(path: string): Promise<SandboxRegistration | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<SandboxRegistration>;
    const { envUrl, clientId, clientSecret, controlToken, pid, startedAt } = value;
    if (!envUrl || !clientId || !clientSecret || typeof pid !== 'number' || !startedAt) return undefined;
    if (!URL.canParse(envUrl)) return undefined;
    return { envUrl, clientId, clientSecret, ...(controlToken && { controlToken }), pid, startedAt };
  } catch {
    return undefined;
  }
}

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../config/private-file.ts';
import type { Environment } from '../config/settings.ts';

export interface CachedToken {
  accessToken: string;
  /** When it is no longer used, safely before its expiry. Milliseconds since the epoch. */
  renewAt: number;
}

/** Keeps the environment's token between runs. A cache that cannot be read or written is only slower, never an error. */
export interface TokenCache {
  read(): Promise<CachedToken | undefined>;
  write(token: CachedToken): Promise<void>;
  /** Removes `accessToken` unless another process has replaced it meanwhile. */
  drop(accessToken: string): Promise<void>;
}

interface TokenFile extends CachedToken {
  /** Tells whether the secret is still the one the token was given for, without holding it. */
  secretSalt: string;
  secretDigest: string;
}

/** One file for each environment and client, 0600, in `cacheFolder`/tokens. */
export function createTokenCache(cacheFolder: string, environment: Environment): TokenCache {
  const { envUrl, clientId, clientSecret } = environment;
  const key = createHash('sha256').update(`${envUrl}\n${clientId}`).digest('hex').slice(0, 32);
  const path = join(cacheFolder, 'tokens', `${key}.json`);

  const read = async () => {
    const file = await readTokenFile(path);
    if (file === undefined) return undefined;
    // A token outlives a secret that was rotated or mistyped; using it would hide that.
    const digest = digestSecret(clientSecret, file.secretSalt);
    return timingSafeEqual(Buffer.from(digest), Buffer.from(file.secretDigest))
      ? { accessToken: file.accessToken, renewAt: file.renewAt }
      : undefined;
  };

  return {
    read,
    write: async ({ accessToken, renewAt }) => {
      const secretSalt = randomBytes(16).toString('hex');
      const secretDigest = digestSecret(clientSecret, secretSalt);
      const file: TokenFile = { accessToken, renewAt, secretSalt, secretDigest };
      await writePrivateFile(path, JSON.stringify(file)).catch(ignore);
    },
    drop: async (accessToken) => {
      if ((await readTokenFile(path))?.accessToken === accessToken)
        await rm(path, { force: true }).catch(ignore);
    },
  };
}

function digestSecret(secret: string, salt: string): string {
  return createHmac('sha256', salt).update(secret).digest('hex');
}

async function readTokenFile(path: string): Promise<TokenFile | undefined> {
  try {
    const file = JSON.parse(await readFile(path, 'utf8')) as Partial<TokenFile>;
    const { accessToken, renewAt, secretSalt, secretDigest } = file;
    if (typeof renewAt !== 'number' || typeof secretSalt !== 'string') return undefined;
    if (typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken)) return undefined;
    if (typeof secretDigest !== 'string' || !/^[0-9a-f]{64}$/.test(secretDigest)) return undefined;
    return { accessToken, renewAt, secretSalt, secretDigest };
  } catch {
    return undefined;
  }
}

function ignore(): void {
  // A read-only or full disk costs a sign-in, not the command.
}

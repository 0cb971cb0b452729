import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { createTokenCache } from '../../src/scalekit/token-cache.ts';
import { type ClientOptions, clientOf } from './client.ts';
import { CLIENT_ID, CLIENT_SECRET, type Script, type ScriptedServer } from './scripted-server.ts';

export const answering: Script = {
  tools: { listTools: () => ({}), executeTool: () => ({ executionId: 'exec_1' }) },
};

/** A cache folder of its own for every test of the file, and real time again after it. */
export function useCacheFolder() {
  const cache = {
    folder: '',
    /** A new run of the program against the server, with the cache in the folder. */
    run: ({ origin: envUrl }: ScriptedServer, options: ClientOptions = {}) => {
      const environment = { envUrl, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, ...options };
      return clientOf(envUrl, { tokenCache: createTokenCache(cache.folder, environment), ...options });
    },
    onlyFile: async (): Promise<string> => {
      const [name = '', ...others] = await readdir(join(cache.folder, 'tokens'));
      expect(others).toEqual([]);
      return join(cache.folder, 'tokens', name);
    },
  };

  beforeEach(async () => {
    cache.folder = await mkdtemp(join(tmpdir(), 'sk-connect-test-'));
  });

  afterEach(async () => {
    vi.useRealTimers();
    await rm(cache.folder, { recursive: true, force: true });
  });

  return cache;
}

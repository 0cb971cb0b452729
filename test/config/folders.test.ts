import { describe, expect, it } from 'vitest';
import { cacheFolder, stateFolder } from '../../src/config/folders.ts';
import type { Variables } from './layers.ts';

describe('folders', () => {
  const place = { homeDir: '/home/ada', platform: 'linux' as NodeJS.Platform, cwd: '/here' };
  it.each<{ env: Variables; platform?: NodeJS.Platform; cache: string; state: string }>([
    { env: {}, cache: '/home/ada/.cache/sk-connect', state: '/home/ada/.local/state/sk-connect' },
    {
      env: {},
      platform: 'darwin',
      cache: '/home/ada/.cache/sk-connect',
      state: '/home/ada/.local/state/sk-connect',
    },
    { env: { XDG_CACHE_HOME: '/c', XDG_STATE_HOME: '/s' }, cache: '/c/sk-connect', state: '/s/sk-connect' },
    {
      env: { XDG_CACHE_HOME: 'relative', XDG_STATE_HOME: '' },
      cache: '/home/ada/.cache/sk-connect',
      state: '/home/ada/.local/state/sk-connect',
    },
    {
      env: {
        SK_CONNECT_CACHE_DIR: '/own/c',
        SK_CONNECT_STATE_DIR: 'own/s',
        XDG_CACHE_HOME: '/c',
        XDG_STATE_HOME: '/s',
      },
      cache: '/own/c',
      state: '/here/own/s',
    },
    {
      env: { LOCALAPPDATA: '/ignored' },
      cache: '/home/ada/.cache/sk-connect',
      state: '/home/ada/.local/state/sk-connect',
    },
    {
      env: { LOCALAPPDATA: '/local' },
      platform: 'win32',
      cache: '/local/sk-connect/cache',
      state: '/local/sk-connect/state',
    },
  ])('$env $platform', ({ env, platform = 'linux', cache, state }) => {
    expect(cacheFolder({ ...place, platform, env })).toBe(cache);
    expect(stateFolder({ ...place, platform, env })).toBe(state);
  });
});

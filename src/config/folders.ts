import { isAbsolute, join, resolve } from 'node:path';
import type { Io } from '../terminal/io.ts';

type Place = Pick<Io, 'env' | 'homeDir' | 'platform' | 'cwd'>;

/** `SK_CONNECT_CACHE_DIR`, else `$XDG_CACHE_HOME/sk-connect`: what may be deleted at any time. */
export function cacheFolder(place: Place): string {
  return folder(place, 'SK_CONNECT_CACHE_DIR', 'XDG_CACHE_HOME', '.cache', 'cache');
}

/** `SK_CONNECT_STATE_DIR`, else `$XDG_STATE_HOME/sk-connect`: which sandboxes are running. */
export function stateFolder(place: Place): string {
  return folder(place, 'SK_CONNECT_STATE_DIR', 'XDG_STATE_HOME', '.local/state', 'state');
}

function folder(place: Place, own: string, xdg: string, homeDefault: string, windowsName: string): string {
  const ownFolder = place.env[own];
  if (ownFolder) return resolve(place.cwd, ownFolder);
  const xdgFolder = place.env[xdg];
  // The XDG base directory specification says to ignore a relative path.
  if (xdgFolder && isAbsolute(xdgFolder)) return join(xdgFolder, 'sk-connect');
  const localAppData = place.env['LOCALAPPDATA'];
  if (place.platform === 'win32' && localAppData) return join(localAppData, 'sk-connect', windowsName);
  return join(place.homeDir, homeDefault, 'sk-connect');
}

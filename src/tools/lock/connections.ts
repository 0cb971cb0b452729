import { LOCKFILE_VERSION, type LockedConnection, type Lockfile } from '../../contracts/lockfile.ts';
import { lockedConnection } from './entries.ts';
import type { TodaysTools } from './today.ts';

/** What was read of today, with the custom tools that were locked where no contracts were looked at. */
export function lockedAll(
  today: ReadonlyMap<string, TodaysTools>,
  lockfile: Lockfile | undefined,
  hasContracts: boolean,
): Map<string, LockedConnection> {
  return new Map(
    [...today].map(([name, { provider, tools }]) => {
      const now = lockedConnection(provider, tools);
      const before = connectionOf(lockfile, name);
      if (hasContracts || !hasCustom(before)) return [name, now];
      const custom = Object.entries(before?.tools ?? {}).filter(([, { source }]) => source === 'custom');
      return [name, { ...now, tools: { ...now.tools, ...Object.fromEntries(custom) } }];
    }),
  );
}

export function hasCustom(connection: LockedConnection | undefined): boolean {
  return Object.values(connection?.tools ?? {}).some(({ source }) => source === 'custom');
}

export function connectionOf(lockfile: Lockfile | undefined, name: string): LockedConnection | undefined {
  const connections = lockfile?.connections ?? {};
  return Object.hasOwn(connections, name) ? connections[name] : undefined;
}

/** Connections that were not looked at stay as they are. */
export function joined(
  lockfile: Lockfile | undefined,
  locked: ReadonlyMap<string, LockedConnection>,
): Lockfile {
  const connections = Object.fromEntries([...Object.entries(lockfile?.connections ?? {}), ...locked]);
  return { lockfileVersion: LOCKFILE_VERSION, connections };
}

import type { Lockfile } from '../../contracts/lockfile.ts';
import type { Finding } from './problems.ts';
import type { SandboxConfig } from './types.ts';

/** A lockfile has to have what it is named for. */
export function checkToolLocks({ tools_lock, connections }: SandboxConfig): Finding[] {
  const own = connections.flatMap(({ name, tools_lock: lock }, index): Finding[] => {
    if (lock === undefined || Object.hasOwn(lock.connections, name)) return [];
    const message = `has no connection ${name}, only ${listed(lock)}`;
    return [{ path: ['connections', index, 'tools_lock'], message }];
  });
  const isUseless =
    tools_lock !== undefined && !connections.some(({ name }) => Object.hasOwn(tools_lock.connections, name));
  if (!isUseless) return own;
  return [
    ...own,
    { path: ['tools_lock'], message: `has none of these connections, only ${listed(tools_lock)}` },
  ];
}

function listed({ connections }: Lockfile): string {
  return Object.keys(connections).join(', ') || 'none at all';
}

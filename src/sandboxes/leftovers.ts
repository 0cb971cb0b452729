import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Io } from '../terminal/io.ts';

/** How long those who were asked to end may take. */
const GRACE_MS = 2_000;
const LOOK_MS = 20;

interface Family {
  /** Of the command's process group, where it has one of its own. */
  leader: number | undefined;
  /** A value of its environment that no other process has. */
  mark: string;
}

/** Ends what a command started and left behind: first asked, then made to. */
export async function endLeftovers(
  io: Pick<Io, 'signals' | 'platform' | 'pid'>,
  family: Family,
): Promise<void> {
  const { send } = io.signals;
  const find = async () => [
    ...(family.leader !== undefined && send(-family.leader, 0) ? [-family.leader] : []),
    ...(await marked(io, family)),
  ];
  let left = await find();
  if (left.length === 0) return;
  for (const pid of left) send(pid, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < GRACE_MS; waitedMs += LOOK_MS) {
    await delay(LOOK_MS);
    left = await find();
    if (left.length === 0) return;
  }
  for (const pid of left) send(pid, 'SIGKILL');
}

/**
 * Processes of this session, or of the command's, that have the mark in their environment. What made itself a session of
 * its own is meant to stay. Only Linux tells; elsewhere it is the process group alone that is known.
 */
async function marked(
  { platform, pid: own }: Pick<Io, 'platform' | 'pid'>,
  { leader, mark }: Family,
): Promise<number[]> {
  if (platform !== 'linux') return [];
  const session = leader ?? (await sessionOf(own));
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => pid !== own && (await sessionOf(pid)) === session && (await hasMark(pid, mark))),
  );
  return pids.filter((_, index) => found[index]);
}

/** Proc(5): the sixth field, after a name that may hold anything. A zombie has ended. */
async function sessionOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return session === undefined || state === 'Z' ? undefined : Number(session);
}

async function hasMark(pid: number, mark: string): Promise<boolean> {
  return (await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).includes(mark);
}

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

type Place = Pick<Io, 'signals' | 'platform' | 'pid'>;

/** Ends what a command started and left behind: first asked, then made to. */
export async function endLeftovers(place: Place, family: Family): Promise<void> {
  const { send } = place.signals;
  let left = await find(place, family);
  if (left.length === 0) return;
  for (const pid of left) send(pid, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < GRACE_MS; waitedMs += LOOK_MS) {
    await delay(LOOK_MS);
    left = await find(place, family);
    if (left.length === 0) return;
  }
  for (const pid of left) send(pid, 'SIGKILL');
}

/** Their pids, or the negative one of their group where the system does not tell more. */
async function find(place: Place, { leader, mark }: Family): Promise<number[]> {
  if (place.platform !== 'linux')
    return leader !== undefined && place.signals.send(-leader, 0) ? [-leader] : [];
  const session = leader ?? (await lookAt(place.pid))?.session;
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const isLeft = await Promise.all(
    pids.map(async (pid) => {
      const process = pid === place.pid ? undefined : await lookAt(pid);
      if (process === undefined) return false;
      // A shell gives its jobs groups of their own; what made itself a session of its own is meant to stay.
      return process.group === leader || (process.session === session && (await hasMark(pid, mark)));
    }),
  );
  return pids.filter((_, index) => isLeft[index]);
}

/** Proc(5): what follows the name, which may hold anything. A zombie has ended. */
async function lookAt(pid: number): Promise<{ group: number; session: number } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const [state, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (session === undefined || state === 'Z') return undefined;
  return { group: Number(group), session: Number(session) };
}

async function hasMark(pid: number, mark: string): Promise<boolean> {
  return (await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).includes(mark);
}

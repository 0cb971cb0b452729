import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Refusal } from '../refusal.ts';
import type { Snapshot } from '../snapshot/document.ts';
import { parseSnapshot } from '../snapshot/restore.ts';
import { JournalError, readJournal } from './journal.ts';
import { type FileLock, lockFile } from './lock.ts';
import { StateFileError, systemReason } from './state-file-error.ts';

/** A state file that is this sandbox's alone until the lock is released. */
export interface OpenStateFile {
  /** Where it really is, behind symbolic links. */
  path: string;
  lock: FileLock;
  /** Undefined for a new file. */
  kept: Snapshot | undefined;
}

/** Locks and reads it; it is not written yet. @throws StateFileError */
export async function openStateFile(file: string): Promise<OpenStateFile> {
  const path = realPathOf(file);
  const lock = await lockFile(path);
  try {
    removeLeftovers(path);
    return { path, lock, kept: read(path) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function realPathOf(file: string): string {
  const path = resolve(file);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return isThere(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    throw new StateFileError(
      path,
      'unwritable',
      `has no folder that can be used: ${systemReason(error)}`,
      error,
    );
  }
}

/** What a killed process was about to replace the file with. */
function removeLeftovers(path: string): void {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(prefix.length)))
      rmSync(join(folder, name), { force: true });
  }
}

function read(path: string): Snapshot | undefined {
  if (!isThere(path)) return undefined;
  let text: string;
  try {
    if (!statSync(path).isFile()) throw new StateFileError(path, 'not_a_file', 'is not a file');
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof StateFileError) throw error;
    throw new StateFileError(path, 'unreadable', `cannot be read: ${systemReason(error)}`, error);
  }
  requireWritable(path);
  // As `mktemp` makes one.
  if (text === '') return undefined;
  try {
    return parseSnapshot(readJournal(text));
  } catch (error) {
    if (error instanceof JournalError) throw new StateFileError(path, 'damaged', error.message, error);
    if (error instanceof Refusal) throw notOurs(path, error);
    throw error;
  }
}

/** It would be replaced as a whole, which only its folder could forbid: who made it read-only wants it as it is. */
function requireWritable(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new StateFileError(path, 'unwritable', `is read-only: ${systemReason(error)}`, error);
  }
}

function notOurs(path: string, refusal: Refusal): StateFileError {
  const fields = refusal.details.violations?.map(({ field }) => field) ?? [];
  const reasons = refusal.details.violations?.map(({ field, description }) =>
    `${field} ${description}`.trim(),
  );
  const isOther = fields.includes('format') || fields.includes('version');
  const reason = `is not one that this sk-connect wrote: ${(reasons ?? []).slice(0, 5).join('; ')}`;
  return new StateFileError(path, isOther ? 'other_version' : 'damaged', reason, refusal);
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

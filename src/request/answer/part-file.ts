import { createHash } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../../json/object.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import type { Validator } from './range.ts';

/** What a download left that broke off: `FILE.part`, and `FILE.part.json` that says what it belongs to. */
export interface Part extends Validator {
  /** Its size. */
  bytes: number;
  /** The call, by its hash: a path may hold a key. */
  call: string;
}

export const partName = (path: string) => `${path}.part`;
const noteName = (path: string) => `${path}.part.json`;

export function callHash({ connectionName, identifier, path }: ProxyCall): string {
  return createHash('sha256')
    .update(JSON.stringify([connectionName, identifier, path]))
    .digest('hex');
}

/** The part that is kept for `path`, or undefined where none is, or one that is not whole. */
export async function findPart(path: string): Promise<Part | undefined> {
  try {
    const [note, { size }] = await Promise.all([readFile(noteName(path), 'utf8'), stat(partName(path))]);
    const part: unknown = JSON.parse(note);
    // Two downloads that broke off together may have left the one's part with the other's note.
    return isPart(part) && part.bytes === size ? part : undefined;
  } catch {
    return undefined;
  }
}

function isPart(value: unknown): value is Part {
  if (!isJsonObject(value)) return false;
  const { bytes, call, etag, lastModified } = value;
  const isText = (text: unknown) => text === undefined || typeof text === 'string';
  return typeof bytes === 'number' && typeof call === 'string' && isText(etag) && isText(lastModified);
}

/**
 * Takes the part of `path` away under a name of its own, so that no other download goes on with it too.
 * False where it is gone, or not what it was.
 */
export async function claimPart(path: string, part: Part, own: string): Promise<boolean> {
  if (!isDeepStrictEqual(await findPart(path), part)) return false;
  try {
    await rename(partName(path), own);
    await rm(noteName(path), { force: true });
    return true;
  } catch {
    return false;
  }
}

/** Keeps what was written to `own` as the part of `path`. False where that cannot be, or would replace a file that is none. */
export async function keepPart(path: string, part: Part, own: string): Promise<boolean> {
  try {
    const [hasNote, isTaken] = await Promise.all([exists(noteName(path)), exists(partName(path))]);
    if (isTaken && !hasNote) return false;
    await writeFile(noteName(path), `${JSON.stringify(part)}\n`);
    await rename(own, partName(path));
    return true;
  } catch {
    return false;
  }
}

/** What is left of earlier downloads, when one is complete. */
export async function dropPart(path: string): Promise<void> {
  if (await exists(noteName(path))) {
    await rm(partName(path), { force: true });
    await rm(noteName(path), { force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

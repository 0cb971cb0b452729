import { parse } from 'node:path';
import type { App } from '../../app.ts';
import { replaceWhole } from '../../config/temporary-file.ts';
import { indentJson } from '../../json/indent.ts';
import { fileError, findTarget, type Target, writeChunks } from '../../request/answer/output-file.ts';
import { contentOf, type Part } from './content.ts';

/** One of the files that an answer is saved as. */
export interface SavedFile {
  name: string;
  /** Null for what is no blob. */
  mediaType: string | null;
  bytes: number;
}

interface Piece {
  mediaType: string | null;
  bytes: Buffer;
}

/** Finds out whether a file can be written: before the call, as that may be one that cannot be repeated. */
export async function findOutput({ io }: Pick<App, 'io'>, name: string): Promise<Target | undefined> {
  return name === '-' ? undefined : findTarget(io.cwd, name);
}

/**
 * Saves what a tool gave: the bytes of an image, audio or blob; of several each into a file of its own, `NAME-1.png`,
 * `NAME-2.png`. Without any, the structured content, or the text, or the whole data. A file is there when it is complete.
 */
export async function saveData(app: App, name: string, data: string, isRaw: boolean): Promise<SavedFile[]> {
  const pieces = isRaw ? [jsonPiece(data)] : piecesOf(data);
  const saved: SavedFile[] = [];
  for (const [index, { mediaType, bytes }] of pieces.entries()) {
    const own = pieces.length === 1 ? name : numbered(name, index + 1);
    await saveBytes(app, own, bytes);
    saved.push({ name: own, mediaType, bytes: bytes.length });
  }
  return saved;
}

function piecesOf(data: string): Piece[] {
  const content = contentOf(JSON.parse(data));
  if (content === undefined) return [jsonPiece(data)];
  const blobs = content.parts.flatMap((part) =>
    part.kind === 'blob' ? [{ mediaType: part.mediaType, bytes: Buffer.from(part.base64, 'base64') }] : [],
  );
  if (blobs.length > 0) return blobs;
  if (content.structured !== undefined) return [jsonPiece(JSON.stringify(content.structured))];
  if (!content.parts.every(isText)) return [jsonPiece(data)];
  const text = content.parts.map((part) => part.text).join('\n');
  return [{ mediaType: null, bytes: Buffer.from(text) }];
}

function isText(part: Part): part is Extract<Part, { kind: 'text' }> {
  return part.kind === 'text';
}

function jsonPiece(json: string): Piece {
  return { mediaType: null, bytes: Buffer.from(`${indentJson(json)}\n`) };
}

/** `dir/photo.png` as `dir/photo-2.png`. */
function numbered(name: string, number: number): string {
  const { base, name: stem, ext } = parse(name);
  return `${name.slice(0, name.length - base.length)}${stem}-${number}${ext}`;
}

async function saveBytes(app: App, name: string, bytes: Buffer): Promise<void> {
  const target = await findOutput(app, name);
  if (target === undefined) return app.terminal.print(bytes);
  const { signal } = app;
  const { path, isDevice, mode } = target;
  try {
    if (isDevice) return await writeChunks(path, chunksOf(bytes), { flags: 'w', signal });
    const write = (own: string) => writeChunks(own, chunksOf(bytes), { flags: 'wx', mode, signal });
    await replaceWhole(path, write, 'part');
  } catch (error) {
    throw fileError(name, error) ?? error;
  }
}

const CHUNK_BYTES = 1024 * 1024;

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

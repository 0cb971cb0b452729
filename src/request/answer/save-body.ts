import { rename, rm, stat } from 'node:fs/promises';
import type { App } from '../../app.ts';
import { temporaryName } from '../../config/temporary-file.ts';
import { SkConnectError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import { brokenBody } from './content.ts';
import { type Earlier, takeEarlier } from './earlier.ts';
import type { KeptBody } from './kept-body.ts';
import { fileError, type Target, writeChunks } from './output-file.ts';
import { callHash, dropPart, keepPart } from './part-file.ts';
import { startProgress } from './progress.ts';
import { checkRange, resumableBy } from './range.ts';

/** A body on its way into a file. */
export interface Saving {
  target: Target;
  call: ProxyCall;
  response: ProxyResponse;
  body: KeptBody;
  earlier: Earlier | undefined;
}

/**
 * Streams a body into a temporary file beside its place, and renames it when it is complete. Returns the size of
 * the file in bytes. Where it breaks off, what came is kept for `--continue` if the provider can go on with it.
 */
export async function saveBody(app: App, saving: Saving): Promise<number> {
  const { target, response, body } = saving;
  if (target.isDevice) {
    await writeChunks(target.path, body.chunks, { flags: 'w', signal: app.signal }).catch(
      (error: unknown) => {
        throw fileError(target.name, error) ?? brokenBody(error);
      },
    );
    return body.length();
  }
  const earlier = goesOn(app, saving) ? saving.earlier : undefined;
  const expected = earlier && checkRange(response, earlier.bytes, earlier.validator);
  const own = temporaryName(target.path, 'part');
  const start = earlier?.bytes ?? 0;
  const stop = await startProgress(app, {
    bytes: () => start + body.length(),
    total: totalBytes(response, start),
  });
  try {
    if (earlier !== undefined) await takeEarlier(target, earlier, own);
    const flags = earlier === undefined ? 'wx' : 'a';
    await writeChunks(own, body.chunks, { flags, mode: target.mode, signal: app.signal });
    if (expected !== undefined && body.length() !== expected)
      throw brokenBody(new Error(`${expected} bytes were announced, ${body.length()} came`));
    await rename(own, target.path);
    await dropPart(target.path);
    return start + body.length();
  } catch (error) {
    throw await leave(app, saving, own, error);
  } finally {
    stop();
  }
}

function goesOn({ terminal }: App, { target, response, earlier }: Saving): boolean {
  if (earlier === undefined || response.status === 206) return earlier !== undefined;
  terminal.notice(`The provider sends ${target.name} from its beginning.`);
  return false;
}

function totalBytes({ headers }: ProxyResponse, start: number): number | undefined {
  const length = headerValue(headers, 'content-length');
  const isEncoded = headerValue(headers, 'content-encoding') !== undefined;
  return length === undefined || isEncoded ? undefined : start + Number(length);
}

/** Keeps what came where it can be gone on with, removes it where not. Returns what to throw. */
async function leave(
  app: App,
  { target, call, response, earlier }: Saving,
  own: string,
  error: unknown,
): Promise<unknown> {
  const onFile = fileError(target.name, error);
  const told = onFile ?? (app.signal.aborted ? app.signal.reason : brokenBody(error));
  const validator = resumableBy(response, earlier?.validator);
  const bytes = await stat(own).then(
    ({ size }) => size,
    () => 0,
  );
  // What no longer fits on a disk is removed, but for what was kept there before.
  const isWorthIt = onFile === undefined || earlier?.part !== undefined;
  const isResumable = isWorthIt && validator !== undefined && bytes > 0 && call.method === 'GET';
  const part = { ...validator, bytes, call: callHash(call) };
  if (!isResumable || !(await keepPart(target.path, part, own))) {
    await rm(own, { force: true }).catch(() => {});
    return told;
  }
  if (!(told instanceof SkConnectError)) return told;
  return new SkConnectError(told.kind, told.message, {
    code: told.code,
    hint: `${bytes.toLocaleString('en')} bytes are kept in ${target.part}: run it again with --continue to get the rest.`,
    cause: told,
  });
}

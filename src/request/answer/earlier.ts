import { constants, copyFile } from 'node:fs/promises';
import type { App } from '../../app.ts';
import { SkConnectError, usageError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import type { RequestOptions } from '../options.ts';
import type { Target } from './output-file.ts';
import { callHash, claimPart, findPart, type Part } from './part-file.ts';
import { judgesBody } from './present.ts';
import type { Validator } from './range.ts';

/** What is there already of the file that `--continue` completes. */
export interface Earlier {
  bytes: number;
  validator: Validator;
  /** What an earlier run left; without it the file itself, whoever began it. */
  part?: Part;
}

/** Throws a usage error for what cannot be gone on with. */
export function checkContinue(target: Target, call: ProxyCall, options: RequestOptions): void {
  const reason = whyNot(target, call, options);
  if (reason === undefined) return;
  throw usageError(`--continue ${reason}`, 'Leave --continue out to download it from the beginning.', {
    code: 'cannot_continue',
  });
}

function whyNot(
  target: Target,
  { method, headers = [] }: ProxyCall,
  options: RequestOptions,
): string | undefined {
  // RFC 9110 section 14.2: Range is defined for GET alone.
  if (method !== 'GET') return `goes with GET, and this is ${method}`;
  if (target.isDevice) return `goes on with a file, and ${target.name} is none`;
  if (headerValue(headers, 'range') !== undefined) return 'and -H "Range: …" ask for different bytes';
  return judgesBody(options) ? 'downloads the rest of a body, and what judges it needs all of it' : undefined;
}

export async function findEarlier(app: App, target: Target, call: ProxyCall): Promise<Earlier | undefined> {
  const part = await findPart(target.path);
  if (part !== undefined && part.call === callHash(call)) {
    const { bytes, etag, lastModified } = part;
    const validator = {
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { lastModified }),
    };
    return { bytes, validator, part };
  }
  if (part !== undefined) {
    app.terminal.notice(`${target.part} belongs to another request: this one starts from the beginning.`);
    return undefined;
  }
  return target.bytes === undefined || target.bytes === 0
    ? undefined
    : { bytes: target.bytes, validator: {} };
}

/** Makes what is there the beginning of `own`, a new file. Throws `usage` where another run was faster. */
export async function takeEarlier(target: Target, { part, bytes }: Earlier, own: string): Promise<void> {
  if (part === undefined) {
    // Where the file system can, the two share their blocks.
    await copyFile(target.path, own, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return;
  }
  if (await claimPart(target.path, part, own)) return;
  throw new SkConnectError(
    'usage',
    `another run has taken the ${bytes.toLocaleString('en')} bytes of ${target.part} meanwhile`,
    { code: 'part_taken', hint: 'Wait until it is done, or leave --continue out.' },
  );
}

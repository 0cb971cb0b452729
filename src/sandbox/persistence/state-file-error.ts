export type StateFileCode =
  | 'in_use'
  | 'damaged'
  | 'other_version'
  | 'not_a_file'
  | 'unreadable'
  | 'unwritable';

/** Why a state file cannot be used. It has not been touched. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
  readonly file: string;
  readonly code: StateFileCode;

  /** @param reason goes after the file's name: `is in use by …` */
  constructor(file: string, code: StateFileCode, reason: string, cause?: unknown) {
    super(`the state file ${file} ${reason}`, cause === undefined ? undefined : { cause });
    this.file = file;
    this.code = code;
  }
}

/** `ENOSPC: no space left on device` without the path and call that Node adds. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return /^([A-Z]+: [^,]+),/.exec(error.message)?.[1] ?? error.message;
}

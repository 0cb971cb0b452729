import { isUtf8 } from 'node:buffer';
import { usageError } from '../../errors.ts';

/** Far below the longest string that there can be, with room for its escapes. */
const MOST_TEXT_BYTES = 64 * 1024 * 1024;

/** Bytes that become part of a JSON text. Throws a usage error for what is no text, or no small one. */
export function decodeText(bytes: Uint8Array, label: string): string {
  if (bytes.length > MOST_TEXT_BYTES) {
    throw usageError(
      `${label}: ${bytes.length} bytes are too many for a field`,
      'Send it as a file: -d @file, or --form name=@file.',
    );
  }
  if (!isUtf8(bytes)) {
    throw usageError(
      `${label} is not UTF-8 text, which JSON has to be`,
      'Send it as a file: -d @file, or --form name=@file.',
    );
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

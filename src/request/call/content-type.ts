import { isUtf8 } from 'node:buffer';
import { createJsonCheck } from '../../json/check.ts';
import { isJson } from '../../json/indent.ts';

const JSON_TYPE = 'application/json';
const TEXT = 'text/plain; charset=utf-8';
const BINARY = 'application/octet-stream';

/** JSON if it parses, else text; what is not UTF-8 (or holds a NUL, as no text does) is neither. */
export function contentTypeOf(bytes: Uint8Array): string {
  if (bytes.includes(0) || !isUtf8(bytes)) return BINARY;
  const text = new TextDecoder().decode(bytes);
  return isJson(text) ? JSON_TYPE : TEXT;
}

/**
 * The same of what comes in chunks, in bounded memory, looking no further than it has to. Where `isAll` is false
 * they are the beginning of it only, and what may still become JSON is taken for JSON.
 */
export async function streamedContentType(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  isAll = true,
): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const check = createJsonCheck();
  let mayBeJson = true;
  try {
    for await (const chunk of chunks) {
      if (chunk.includes(0)) return BINARY;
      const text = decoder.decode(chunk, { stream: true });
      mayBeJson &&= check.write(text);
    }
    if (isAll) decoder.decode();
  } catch (error) {
    if (error instanceof TypeError && Reflect.get(error, 'code') === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      return BINARY;
    }
    throw error;
  }
  return mayBeJson && (!isAll || check.end()) ? JSON_TYPE : TEXT;
}

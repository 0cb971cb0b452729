import { StringDecoder } from 'node:string_decoder';

/** Turns a body into text part by part; a character may be split between two. */
export interface TextStream {
  write(bytes: Uint8Array): string;
  end(): string;
}

/**
 * Reads text in the charset that its byte order mark or its type tells, else (and where the charset is one that
 * nobody knows) in UTF-8. What does not decode becomes U+FFFD, and the byte order mark is left out.
 */
export function createTextStream(contentType: string | undefined, head: Uint8Array): TextStream {
  const charset = charsetOf(contentType, head);
  return charset === 'utf-8' ? utf8Stream() : textDecoderStream(charset);
}

/** The charset as the Encoding Standard names it (https://encoding.spec.whatwg.org/#names-and-labels). */
export function charsetOf(contentType: string | undefined, head: Uint8Array): string {
  const declared = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  const mark = BYTE_ORDER_MARKS.find(([bytes]) => bytes.every((byte, index) => head[index] === byte));
  try {
    return new TextDecoder(mark?.[1] ?? declared).encoding;
  } catch {
    return 'utf-8';
  }
}

const BYTE_ORDER_MARKS: readonly (readonly [bytes: readonly number[], charset: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
];

/** Several times as fast as TextDecoder, which streams through ICU. */
function utf8Stream(): TextStream {
  const decoder = new StringDecoder('utf8');
  let isFirst = true;
  return {
    write: (bytes) => {
      const text = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (!isFirst || text === '') return text;
      isFirst = false;
      return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    },
    end: () => decoder.end(),
  };
}

function textDecoderStream(charset: string): TextStream {
  const decoder = new TextDecoder(charset);
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/** The texts that chunks of bytes decode to. */
export async function* textsOf(
  chunks: AsyncIterable<Uint8Array>,
  stream: TextStream,
): AsyncGenerator<string> {
  for await (const chunk of chunks) yield stream.write(chunk);
  yield stream.end();
}

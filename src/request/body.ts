import { type Duplex, pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { messageOf, SkConnectError } from '../errors.ts';
import type { ProxyResponse } from '../scalekit/proxy.ts';

/** The value of a header, by its lower-case name; repeated ones joined as RFC 9110 §5.3 allows. */
export function headerValue({ headers }: Pick<ProxyResponse, 'headers'>, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

/** The body without its Content-Encoding (gzip, deflate, br); others are left as they came. */
export function decodedBody(response: ProxyResponse): Readable {
  const encodings = headerValue(response, 'content-encoding')?.toLowerCase().split(',') ?? [];
  const layers = encodings.map((encoding) => encoding.trim()).toReversed();
  const isForeign = (encoding: string) => encoding !== 'identity' && !(encoding in decoders);
  // What lies within an encoding that is not known here cannot be reached.
  const end = layers.findIndex(isForeign);
  return layers
    .slice(0, end < 0 ? layers.length : end)
    .filter((encoding) => encoding in decoders)
    .reduce((body, encoding) => Readable.from(decode(body, encoding), { objectMode: false }), response.body);
}

const decoders: Readonly<Record<string, (first: Buffer) => Duplex>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  // RFC 9110 §8.4.1.2 means the zlib format, and warns of servers that leave its wrapper out.
  deflate: (first) => (hasZlibHeader(first) ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
};

/** RFC 1950 §2.2: method 8, and a multiple of 31. */
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length > 1 && (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

async function* decode(body: Readable, encoding: string): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  // The answer to a HEAD, a 204 and a 304 name an encoding and have nothing that is in it.
  if (first.done) return;
  const whole = async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  const decoder = decoders[encoding]?.(first.value);
  // The callback is told what the reader of the stream is told too.
  if (decoder !== undefined) yield* pipeline(whole(), decoder, () => {});
}

/** The whole body. Throws `unreachable` where it breaks off. */
export async function readBody(response: ProxyResponse): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of decodedBody(response)) chunks.push(chunk);
  } catch (error) {
    throw brokenBody(error);
  }
  return Buffer.concat(chunks);
}

/** The answer broke off, or what it was encoded with is damaged. */
export function brokenBody(error: unknown): SkConnectError {
  if (error instanceof SkConnectError) return error;
  return new SkConnectError('unreachable', `the answer broke off: ${messageOf(error)}`, {
    code: 'broken_response',
    hint: 'Try again; -v shows each attempt.',
    cause: error,
  });
}

/** The body as text in the charset it declares, or undefined where it is none: bytes that do not decode, or NULs. */
export function asText(body: Uint8Array, contentType: string | undefined): string | undefined {
  const charset = /;\s*charset="?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    const text = new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(body);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Whether a text is to be read as JSON: it is declared so, or undeclared, and it is. */
export function isJsonType(contentType: string | undefined): boolean {
  return contentType === undefined || /^[^;]*[/+]json\s*(;|$)/i.test(contentType);
}

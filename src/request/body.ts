import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { ProxyResponse } from '../scalekit/proxy.ts';

/** The value of a header, by its lower-case name; repeated ones joined as RFC 9110 §5.3 allows. */
export function headerValue({ headers }: Pick<ProxyResponse, 'headers'>, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

/** The body without its Content-Encoding (gzip, deflate, br); others are left as they came. */
export function decodedBody(response: ProxyResponse): Readable {
  const encodings = headerValue(response, 'content-encoding')?.toLowerCase().split(',') ?? [];
  return encodings.toReversed().reduce((body, encoding) => {
    const decoder = decoders[encoding.trim()]?.();
    // The callback is told what the reader of the stream is told too.
    return decoder === undefined ? body : pipeline(body, decoder, () => {});
  }, response.body);
}

const decoders: Readonly<Record<string, () => ReturnType<typeof createGunzip>>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The whole body. */
export async function readBody(response: ProxyResponse): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of decodedBody(response)) chunks.push(chunk);
  return Buffer.concat(chunks);
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

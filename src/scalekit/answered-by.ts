import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** Who answered a proxied call with an error. */
export type AnsweredBy = 'scalekit' | 'provider';

/** Whether a body of this type can be a refusal of Scalekit's own. */
export function mayBeScalekits(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/(.+\+)?json\b/i.test(contentType);
}

/**
 * Tells Scalekit's own refusals from the provider's answers by the JSON that its gateway writes for a
 * gRPC status: a numeric `code`, a `message` and typed `details`. Nothing public says that every
 * refusal of the live proxy looks so; what does not is taken for the provider's.
 */
export function answeredBy(body: Uint8Array, contentEncoding: string | undefined): AnsweredBy {
  return isGatewayStatus(parse(decoded(body, contentEncoding))) ? 'scalekit' : 'provider';
}

/** The body without its Content-Encoding; as it came where that fails. */
function decoded(body: Uint8Array, contentEncoding: string | undefined): Uint8Array {
  try {
    return (
      decoders[contentEncoding?.trim().toLowerCase() ?? '']?.(body, { maxOutputLength: MOST_BYTES }) ?? body
    );
  } catch {
    return body;
  }
}

const MOST_BYTES = 1024 * 1024;

const decoders: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** The `message` of such a refusal. */
export function gatewayMessage(body: Uint8Array): string | undefined {
  const value = parse(body);
  return isGatewayStatus(value) ? value.message : undefined;
}

interface GatewayStatus {
  code: number;
  message: string;
  details: unknown[];
}

function isGatewayStatus(value: unknown): value is GatewayStatus {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message, details } = value as Partial<GatewayStatus>;
  if (typeof code !== 'number' || code < 1 || code > 16 || typeof message !== 'string') return false;
  return Array.isArray(details) && details.some(isScalekitDetail);
}

function isScalekitDetail(detail: unknown): boolean {
  if (typeof detail !== 'object' || detail === null) return false;
  const type: unknown = Reflect.get(detail, '@type');
  return typeof type === 'string' && type.startsWith('type.googleapis.com/scalekit.');
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

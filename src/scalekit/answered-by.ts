import { decodedStart } from '../http/content-encoding.ts';
import { type HeaderList, headerValue } from '../http/headers.ts';

/** Who answered a proxied call with an error. */
export type AnsweredBy = 'scalekit' | 'provider';

interface AnswerHead {
  status: number;
  headers: HeaderList;
}

const MOST_JSON_BYTES = 64 * 1024;
const MOST_TEXT_BYTES = 256;

/** How much of an answer's body tells who answered; 0 where it can only be the provider. */
export function bytesToTellBy({ status, headers }: AnswerHead): number {
  if (status < 400) return 0;
  const contentType = headerValue(headers, 'content-type');
  if (isJsonType(contentType)) return MOST_JSON_BYTES;
  const isText = contentType === undefined || /^text\/plain\b/i.test(contentType);
  const isShort = Number(headerValue(headers, 'content-length') ?? 0) <= MOST_TEXT_BYTES;
  return status < 500 && isText && isShort ? MOST_TEXT_BYTES : 0;
}

/**
 * Tells Scalekit's own refusals from the provider's answers: by the JSON that its gateway writes for a gRPC status
 * (a numeric `code`, a `message` and typed `details`), and by the one message that is documented. Nothing public
 * says that every refusal of the live proxy looks so; what does not is taken for the provider's.
 */
export async function answeredBy({ status, headers }: AnswerHead, body: Uint8Array): Promise<AnsweredBy> {
  const decoded = await decodedStart(body, headerValue(headers, 'content-encoding'), MOST_JSON_BYTES);
  const isRefusal =
    (isJsonType(headerValue(headers, 'content-type')) && gatewayStatus(decoded) !== undefined) ||
    (status < 500 && proxyOffMessage(decoded) !== undefined);
  return isRefusal ? 'scalekit' : 'provider';
}

/** What such a refusal says, of its decoded body. */
export function gatewayMessage(body: Uint8Array): string | undefined {
  return gatewayStatus(body)?.message ?? proxyOffMessage(body);
}

function isJsonType(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/(.+\+)?json\b/i.test(contentType);
}

/** "A provider whose proxy is off answers": in which shape is not documented. Plain text, `error` or `message` are the usual ones. */
function proxyOffMessage(body: Uint8Array): string | undefined {
  if (body.length > MOST_TEXT_BYTES) return undefined;
  const value = parse(body) ?? Buffer.from(body).toString('utf8');
  const words =
    typeof value === 'object' ? [Reflect.get(value, 'error'), Reflect.get(value, 'message')] : [value];
  return words.find((each): each is string => typeof each === 'string' && PROXY_OFF.test(each))?.trim();
}

const PROXY_OFF = /^\s*proxy not enabled for provider\b/i;

interface GatewayStatus {
  code: number;
  message: string;
  details: unknown[];
}

function gatewayStatus(body: Uint8Array): GatewayStatus | undefined {
  const value = parse(body);
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, message, details } = value as Partial<GatewayStatus>;
  if (typeof code !== 'number' || code < 1 || code > 16 || typeof message !== 'string') return undefined;
  return Array.isArray(details) && details.some(isScalekitDetail) ? { code, message, details } : undefined;
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

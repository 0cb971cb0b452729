/** Who answered a proxied call with an error. */
export type AnsweredBy = 'scalekit' | 'provider';

/**
 * Tells Scalekit's own refusals from the provider's answers by the JSON that its gateway writes for a
 * gRPC status: a numeric `code`, a `message` and typed `details`. Nothing public says that every
 * refusal of the live proxy looks so; what does not is taken for the provider's.
 */
export function answeredBy(contentType: string | undefined, body: Uint8Array): AnsweredBy {
  if (contentType === undefined || !/^application\/(.+\+)?json\b/i.test(contentType)) return 'provider';
  return isGatewayStatus(parse(body)) ? 'scalekit' : 'provider';
}

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

import { createHmac } from 'node:crypto';

/** `whsec_` and the key in base64; the SDK reads what stands between the first and the second `_`. */
export const WEBHOOK_SECRET = /^whsec_[A-Za-z0-9+/]+={0,2}$/;

/**
 * Headers that the SDK's `verifyWebhookPayload` accepts, as the Standard Webhooks specification has them.
 * @param nowMs the real time: the receiver compares it with its own clock, which knows nothing of the sandbox's
 */
export function signedHeaders(
  secret: string,
  id: string,
  body: string,
  nowMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

import type { ScalekitClient } from '@scalekit-sdk/node';
import type { StatusEvent } from '../../../src/sandbox/webhooks/event.ts';
import { bodyText, upstream } from './upstream.ts';

export const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of 24 bytes: +/').toString('base64')}`;

interface Delivery {
  headers: Record<string, string>;
  body: string;
  event: StatusEvent;
}

export interface WebhookReceiver {
  url: string;
  /** Oldest first, whatever was answered. */
  deliveries: Delivery[];
  /** The status of each of the next answers; 201 afterwards. */
  answers: number[];
  /** Before anything is answered. */
  before: (delivery: Delivery) => Promise<void>;
  /** `ACTIVE→EXPIRED`, of those that were taken. */
  taken: string[];
}

/** An application that takes webhooks as Scalekit's documentation shows it. */
export async function webhookReceiver(): Promise<WebhookReceiver> {
  const receiver: WebhookReceiver = {
    url: '',
    deliveries: [],
    answers: [],
    before: () => Promise.resolve(),
    taken: [],
  };
  const origin = await upstream((request, response) => {
    void bodyText(request).then(async (body) => {
      const event = JSON.parse(body) as StatusEvent;
      const delivery = { headers: request.headers as Record<string, string>, body, event };
      receiver.deliveries.push(delivery);
      await receiver.before(delivery);
      const status = receiver.answers.shift() ?? 201;
      if (status < 300) receiver.taken.push(`${event.data.old_status}→${event.data.status}`);
      response.writeHead(status).end();
    });
  });
  receiver.url = `${origin}/webhooks`;
  return receiver;
}

export function isSigned(sdk: ScalekitClient, { headers, body }: Delivery, secret = WEBHOOK_SECRET): boolean {
  return sdk.verifyWebhookPayload(secret, headers, body);
}

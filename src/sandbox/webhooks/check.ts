import { isLoopback } from '../../http/loopback.ts';
import type { Finding } from '../config/problems.ts';
import type { WebhookConfig } from '../config/types.ts';
import { WEBHOOK_SECRET } from './signature.ts';

export function checkWebhooks(webhooks: readonly WebhookConfig[]): Finding[] {
  return webhooks.flatMap(({ url, secret }, index) => [
    ...(isPostable(url)
      ? []
      : [
          {
            path: ['environment', 'webhooks', index, 'url'],
            message:
              'must be http:// or https:// on loopback, as http://127.0.0.1:3000/webhooks: the sandbox posts to no other machine',
          },
        ]),
    ...(WEBHOOK_SECRET.test(secret)
      ? []
      : [
          {
            path: ['environment', 'webhooks', index, 'secret'],
            message:
              'must be whsec_ and a key in base64, as `echo whsec_$(openssl rand -base64 24)` makes one',
          },
        ]),
  ]);
}

function isPostable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && isLoopback(hostname) && username === '' && password === '';
}

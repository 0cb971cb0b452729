import { Agent, type Dispatcher } from 'undici';
import type { WebhookConfig } from '../config/types.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { deliver } from './deliver.ts';
import { type StatusEvent, statusEvent } from './event.ts';

const CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * From here on every change of an account's status is posted to the config's webhooks: those of one account one after the other,
 * none of them in the way of a call. Ends when the sandbox closes.
 */
export function startWebhooks(state: SandboxState): void {
  const webhooks = state.config.environment?.webhooks ?? [];
  const senders = webhooks.map((webhook) => createSender(state, webhook));
  if (senders.length === 0) return;
  state.changes.on('account', (account, before) => {
    // Scalekit sends none for a new account.
    if (before === undefined || before === account.status) return;
    const event = statusEvent(state, account, before);
    for (const send of senders) send(event);
  });
}

function createSender(state: SandboxState, webhook: WebhookConfig): (event: StatusEvent) => void {
  const dispatcher = createDispatcher(state, webhook);
  const lastOf = new Map<string, Promise<void>>();

  return (event) => {
    const { id } = event.data;
    const before = lastOf.get(id) ?? Promise.resolve();
    const sending = before
      .then(() => deliver(state, webhook, dispatcher, event))
      // The sandbox closes.
      .catch(() => {})
      .finally(() => {
        if (lastOf.get(id) === sending) lastOf.delete(id);
      });
    lastOf.set(id, sending);
  };
}

/** A few connections of its own: many changes at once queue up for them, and take none from providers. */
function createDispatcher({ guard, closing }: SandboxState, { url }: WebhookConfig): Dispatcher {
  const lookup = guard.lookupFor(new URL(url));
  const agent = new Agent({ connections: CONNECTIONS, connect: { timeout: CONNECT_TIMEOUT_MS, lookup } });
  closing.addEventListener('abort', () => void agent.destroy(), { once: true });
  return agent;
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { exchangeOf } from '../exchanges/record.ts';
import type { Fault } from '../interface/faults.ts';
import { Refusal } from '../refusal.ts';

/** Aborts when the client's connection is done with the call, whatever the reason. */
export function clientGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}

/** Where what was sent and the reset arrive together, clients built on libuv, Node among them, take the reset for an end. */
const APART_MS = 50;

/** A real TCP reset, once what was written is read. */
export function resetConnection({ socket }: IncomingMessage, hasBegun: boolean): void {
  if (hasBegun) setTimeout(() => socket.resetAndDestroy(), APART_MS);
  else socket.resetAndDestroy();
}

/** Resets the connection before anything of an answer was on its way. */
export function cutOff(incoming: IncomingMessage | undefined, { id }: Fault): never {
  const exchange = incoming && exchangeOf(incoming);
  if (exchange) exchange.isCutOff = true;
  if (incoming) resetConnection(incoming, false);
  throw new Refusal('unavailable', 'CONNECTION_RESET', `the connection was reset (${id})`);
}

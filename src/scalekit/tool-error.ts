import type { ConnectError } from '@connectrpc/connect';
import { ErrorInfoSchema } from './sdk.ts';

/** What the provider's tool said of its own failure; undefined where it is Scalekit that failed. */
export function toolErrorOf(error: ConnectError) {
  return error.findDetails(ErrorInfoSchema).find(({ errorCode }) => errorCode === 'TOOL_ERROR');
}

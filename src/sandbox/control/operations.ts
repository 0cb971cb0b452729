import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { MOST_EXCHANGES } from '../exchanges/exchange-log.ts';
import type { SandboxControl } from '../interface/control.ts';
import { resetState } from '../snapshot/reset.ts';
import { restoreSnapshot } from '../snapshot/restore.ts';
import { takeSnapshot } from '../snapshot/take.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { accountOperations } from './accounts.ts';
import { clockOperations } from './clock.ts';
import { connectionOperations } from './connections.ts';
import { toControlError } from './control-error.ts';
import { faultOperations } from './faults.ts';
import { linkOperations } from './links.ts';
import { parse } from './parse.ts';
import { shownClock } from './shown.ts';

const exchangeFilterSchema = z.strictObject({
  after: z.int().min(0, 'must not be less than 0').optional(),
  limit: z
    .int()
    .min(1, `must be 1 to ${MOST_EXCHANGES}`)
    .max(MOST_EXCHANGES, `must be 1 to ${MOST_EXCHANGES}`)
    .optional(),
  connectionName: z.string().optional(),
  identifier: z.string().optional(),
});
const snapshotSchema = z.strictObject({ includeSecrets: z.boolean().optional() });

/** Everything that can be done to a sandbox from outside: what the control API and the library both call. */
export function createOperations(state: SandboxState): SandboxControl {
  const overview: SandboxControl['overview'] = () => ({
    version: packageJson.version,
    url: state.origin,
    clock: shownClock(state),
    userVerification: state.userVerification,
    connections: [...state.connections.values()].length,
    accounts: state.accounts.all().length,
    pendingLinks: state.links.open().length,
    faults: state.faults.list().length,
  });

  return {
    overview,
    ...linkOperations(state),
    ...accountOperations(state),
    ...clockOperations(state),
    ...faultOperations(state),
    ...connectionOperations(state),

    exchanges: (filter = {}) => state.exchanges.list(parse(exchangeFilterSchema, filter)),
    clearExchanges: () => state.exchanges.clear(),

    reset() {
      resetState(state);
      return overview();
    },

    snapshot(options = {}) {
      const { includeSecrets = false } = parse(snapshotSchema, options);
      return takeSnapshot(state, { includeSecrets });
    },

    restore(snapshot) {
      try {
        restoreSnapshot(state, snapshot);
      } catch (error) {
        throw toControlError(error);
      }
      return overview();
    },
  };
}

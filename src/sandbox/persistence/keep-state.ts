import { encodeSetAside, type SetAside, type SnapshotDocument } from '../snapshot/document.ts';
import { accountRecord, linkRecord, verificationRecord } from '../snapshot/records.ts';
import { catalogueOf, clockOf, configuredHashes, removedCatalogue, takeSnapshot } from '../snapshot/take.ts';
import { type Account, accountKey } from '../state/accounts.ts';
import type { Link } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import type { Verification } from '../state/verifications.ts';
import type { JournalEntry } from './journal.ts';
import { createJournalFile } from './journal-file.ts';
import { StateFileError, systemReason } from './state-file-error.ts';

export interface KeptState {
  /** Writes what was not worth a line of its own, as when accounts were last used. */
  close(): void;
}

/** A journal shorter than this is not worth replacing. */
const SHORT_BYTES = 256 * 1024;
/** While the file takes nothing, how often it is tried. */
const RETRY_MS = 1000;

/**
 * From now on the file has whatever the state has, before anybody is answered. Where it stops taking it the calls go
 * on, `warn` is told once, and all of it is written as soon as it can be.
 * @throws StateFileError where the file cannot be written from the start
 */
export function keepState(
  state: SandboxState,
  path: string,
  setAside: SetAside,
  warn: (message: string) => void,
): KeptState {
  const file = createJournalFile(path);
  const configured = configuredHashes(state.config);
  let isPaused = false;
  let failedAt: number | undefined;
  let shortenAfter = 0;
  let retry: NodeJS.Timeout | undefined;

  function replace(): void {
    const snapshot = takeSnapshot(state, { includeSecrets: true });
    // Faults are an experiment's, not the accounts'.
    const { faults: _faults, ...kept } = snapshot;
    file.replace(`${JSON.stringify(withSetAside(kept, setAside))}\n`);
  }

  /** @param isLast there is no later try */
  function write(action: () => void, isLast = false): void {
    if (isPaused) return;
    try {
      if (failedAt === undefined) action();
      else if (isLast || performance.now() - failedAt >= RETRY_MS) replace();
      else return;
      if (failedAt !== undefined) warn(`the state file ${path} is written again`);
      failedAt = undefined;
    } catch (error) {
      if (failedAt === undefined || isLast) {
        const consequence = isLast ? 'what changed since is lost' : 'the sandbox goes on, and tries again';
        warn(`the state file ${path} cannot be written (${systemReason(error)}): ${consequence}`);
      }
      failedAt = performance.now();
      if (!isLast) retry ??= setTimeout(tryAgain, RETRY_MS).unref();
    }
  }

  /** Also where nothing changes any more. */
  function tryAgain(): void {
    retry = undefined;
    // A timer may be a moment early.
    if (failedAt !== undefined) failedAt -= RETRY_MS;
    write(replace);
  }

  const append = (entry: JournalEntry) =>
    write(() => {
      if (!isShortened()) file.append(JSON.stringify(entry));
    });

  /** Whether the journal was long, and the snapshot that took its place has the change already. */
  function isShortened(): boolean {
    if (file.appendedBytes() <= Math.max(SHORT_BYTES, 2 * file.replacedBytes())) return false;
    if (performance.now() < shortenAfter) return false;
    try {
      replace();
      return true;
    } catch {
      // A second file has no room; a line may have.
      shortenAfter = performance.now() + RETRY_MS;
      return false;
    }
  }

  const listeners = {
    account(account: Account) {
      const key = accountKey(account.connection.name, account.identifier);
      append({ account: accountRecord(account, true, configured.get(key)) });
    },
    accountRemoved({ id, connection, identifier }: Account) {
      append({ accountRemoved: { connectedAccountId: id, connectionName: connection.name, identifier } });
    },
    link(link?: Link) {
      if (link === undefined) return;
      const isThere = state.links.get(link.token) === link;
      append(isThere ? { link: linkRecord(link, true) } : { linkRemoved: link.id });
    },
    verification(verification: Verification) {
      const isWaiting = state.verifications.isWaiting(verification);
      append(
        isWaiting
          ? { verification: verificationRecord(verification) }
          : { verificationRemoved: verification.authRequestId },
      );
    },
    catalogue: () => append({ catalogue: { ...catalogueOf(state, true), removed: removedCatalogue(state) } }),
    clock: () => append({ clock: clockOf(state) }),
    replacing() {
      isPaused = true;
    },
    replaced() {
      isPaused = false;
      write(replace);
    },
  };

  try {
    replace();
  } catch (error) {
    throw new StateFileError(path, 'unwritable', `cannot be written: ${systemReason(error)}`, error);
  }
  const { changes } = state;
  const names = Object.keys(listeners) as (keyof typeof listeners)[];
  for (const name of names) changes.on(name, listeners[name]);

  return {
    close() {
      clearTimeout(retry);
      write(replace, true);
      isPaused = true;
      file.close();
    },
  };
}

/** What is used now goes before what was set aside under the same name. */
function withSetAside(snapshot: SnapshotDocument, setAside: SetAside): SnapshotDocument {
  const { connectors = [], connections = [], accounts = [] } = snapshot;
  const kept = encodeSetAside(setAside);
  return {
    ...snapshot,
    connectors: merged(connectors, kept.connectors, ({ identifier }) => identifier),
    connections: merged(connections, kept.connections, ({ connection }) => connection.name),
    accounts: merged(accounts, kept.accounts, (account) =>
      accountKey(account.connectionName, account.identifier),
    ),
  };
}

function merged<T>(used: T[], others: readonly T[] = [], nameOf: (element: T) => string): T[] {
  if (others.length === 0) return used;
  const names = new Set(used.map(nameOf));
  return [...used, ...others.filter((element) => !names.has(nameOf(element)))];
}

import { encodeSetAside, type SetAside, type SnapshotDocument } from '../snapshot/document.ts';
import { accountRecord, linkRecord, verificationRecord } from '../snapshot/records.ts';
import {
  catalogueOf,
  clockOf,
  configuredHashes,
  registrationsOf,
  removedCatalogue,
  takeSnapshot,
} from '../snapshot/take.ts';
import { type Account, accountKey } from '../state/accounts.ts';
import type { Link } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import type { Verification } from '../state/verifications.ts';
import type { JournalEntry } from './journal.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import { StateFileError, systemReason } from './state-file-error.ts';

export interface KeptState {
  /** Writes what was not worth a line of its own, as when accounts were last used. */
  close(): void;
}

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
  const writer = openWriter(state, path, setAside, warn);
  const configured = configuredHashes(state.config);
  let isPaused = false;

  function append(entry: JournalEntry): void {
    if (!isPaused) writer.append(entry);
  }

  function catalogue(): void {
    // A connection that is removed takes its client with it.
    const registrations = registrationsOf(state);
    append({ catalogue: { ...catalogueOf(state, true), registrations, removed: removedCatalogue(state) } });
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
    catalogue,
    registration: catalogue,
    clock: () => append({ clock: clockOf(state) }),
    replacing() {
      isPaused = true;
    },
    replaced() {
      isPaused = false;
      writer.replace();
    },
  };

  const names = Object.keys(listeners) as (keyof typeof listeners)[];
  for (const name of names) state.changes.on(name, listeners[name]);
  return {
    close() {
      for (const name of names) state.changes.off(name, listeners[name]);
      writer.close();
    },
  };
}

function openWriter(
  state: SandboxState,
  path: string,
  setAside: SetAside,
  warn: (message: string) => void,
): JournalWriter {
  function whole(): string {
    const snapshot = takeSnapshot(state, { includeSecrets: true });
    // Faults are an experiment's, not the accounts'.
    const { faults: _faults, ...kept } = snapshot;
    return `${JSON.stringify(withSetAside(kept, setAside))}\n`;
  }

  try {
    return createJournalWriter(path, whole, warn);
  } catch (error) {
    throw new StateFileError(path, 'unwritable', `cannot be written: ${systemReason(error)}`, error);
  }
}

/** What is used now goes before what was set aside under the same name. */
function withSetAside(snapshot: SnapshotDocument, setAside: SetAside): SnapshotDocument {
  const { connectors = [], connections = [], accounts = [], registrations = [] } = snapshot;
  const kept = encodeSetAside(setAside);
  return {
    ...snapshot,
    connectors: merged(connectors, kept.connectors, ({ identifier }) => identifier),
    connections: merged(connections, kept.connections, ({ connection }) => connection.name),
    accounts: merged(accounts, kept.accounts, (account) =>
      accountKey(account.connectionName, account.identifier),
    ),
    registrations: merged(registrations, kept.registrations, ({ connectionName }) => connectionName),
  };
}

function merged<T>(used: T[], others: readonly T[] = [], nameOf: (element: T) => string): T[] {
  if (others.length === 0) return used;
  const names = new Set(used.map(nameOf));
  return [...used, ...others.filter((element) => !names.has(nameOf(element)))];
}

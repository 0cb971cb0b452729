import type { SnapshotDocument } from '../snapshot/document.ts';

type RecordOf<Section extends keyof SnapshotDocument> = NonNullable<
  SnapshotDocument[Section]
>[keyof NonNullable<SnapshotDocument[Section]> & number];

/** One change, as a line behind the snapshot that it changes. */
export type JournalEntry =
  | { account: RecordOf<'accounts'> }
  | { accountRemoved: { connectedAccountId: string; connectionName: string; identifier: string } }
  | { link: RecordOf<'links'> }
  | { linkRemoved: string }
  | { verification: RecordOf<'verifications'> }
  | { verificationRemoved: string }
  | {
      catalogue: Pick<SnapshotDocument, 'connectors' | 'connections' | 'registrations'> & {
        removed: RemovedCatalogue;
      };
    }
  | { clock: SnapshotDocument['clock'] };

type RemovedCatalogue = Pick<NonNullable<SnapshotDocument['removed']>, 'connectors' | 'connections'>;

/** Why a text is not what a sandbox wrote: `damaged`, or of another version. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/**
 * The snapshot that a state file's text stands for. A last line that was not written to its end was not answered
 * either, and is dropped. The result has the shape of a snapshot only where the text had it.
 * @throws JournalError
 */
export function readJournal(text: string): unknown {
  const [first = '', ...lines] = text.split('\n');
  const document = parsed(first);
  if (document === undefined) {
    // A snapshot that was laid out for a reader, as one value.
    const whole = parsed(text);
    if (whole !== undefined) return whole;
    throw new JournalError('is not what a sandbox keeps');
  }
  if (lines.every((line) => line === '')) return document;
  const last = lines.length - 1;
  const entries = lines.flatMap((line, index) => {
    if (line === '') return [];
    const entry = parsed(line);
    if (entry !== undefined) return [entry as JournalEntry];
    if (index === last) return [];
    throw new JournalError(`is damaged: line ${index + 2} is not JSON`);
  });
  return replay(document as SnapshotDocument, entries);
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function replay(document: SnapshotDocument, entries: readonly JournalEntry[]): SnapshotDocument {
  const accounts = indexed(document.accounts, ({ connectedAccountId }) => connectedAccountId);
  const links = indexed(document.links, ({ id }) => id);
  const verifications = indexed(document.verifications, ({ authRequestId }) => authRequestId);
  const result = { ...document };
  const removed = { ...document.removed, accounts: [...(document.removed?.accounts ?? [])] };
  for (const [index, entry] of entries.entries()) {
    if ('account' in entry) accounts.set(entry.account.connectedAccountId, entry.account);
    else if ('accountRemoved' in entry) {
      const { connectedAccountId, ...key } = entry.accountRemoved;
      accounts.delete(connectedAccountId);
      removed.accounts.push(key);
    } else if ('link' in entry) links.set(entry.link.id, entry.link);
    else if ('linkRemoved' in entry) links.delete(entry.linkRemoved);
    else if ('verification' in entry) verifications.set(entry.verification.authRequestId, entry.verification);
    else if ('verificationRemoved' in entry) verifications.delete(entry.verificationRemoved);
    else if ('catalogue' in entry) {
      const { removed: gone, ...catalogue } = entry.catalogue;
      Object.assign(result, catalogue);
      Object.assign(removed, gone);
    } else if ('clock' in entry) result.clock = entry.clock;
    else throw new JournalError(`holds a change that this sk-connect does not know, in line ${index + 2}`);
  }
  return {
    ...result,
    removed,
    accounts: [...accounts.values()],
    links: [...links.values()],
    verifications: [...verifications.values()],
  };
}

function indexed<T>(list: readonly T[] | undefined, keyOf: (element: T) => string): Map<string, T> {
  return new Map((Array.isArray(list) ? list : []).map((element) => [keyOf(element), element]));
}

interface Note {
  id: string;
  title: string;
  text: string;
  created_at: string;
}

interface NotePage {
  notes: Note[];
  /** Where the next page starts; absent on the last page. */
  nextCursor?: string;
}

/** One user's notes, oldest first. */
export interface Notebook {
  /** `undefined` where the cursor is not one of ours. */
  page(limit: number, cursor?: string): NotePage | undefined;
  find(id: string): Note | undefined;
  add(note: { title: string; text: string }): Note;
  remove(id: string): boolean;
}

const seeds = [
  ['Welcome', 'These notes live in memory and are gone when the demo ends.'],
  ['Shopping list', 'Oat milk, coffee, a dozen eggs.'],
  ['Stand-up', 'Yesterday: tokens. Today: refresh tokens. Blocked by: nothing.'],
  ['Reading', 'RFC 9700: the current best practice for OAuth 2.0 security.'],
  ['Idea', 'An agent that files expense reports.'],
] as const;

function seededNotes(): [number, Note][] {
  return seeds.map(([title, text], index) => {
    const number = index + 1;
    return [number, { id: `note_${number}`, title, text, created_at: `2026-01-0${number}T09:00:00.000Z` }];
  });
}

function encodeCursor(number: number): string {
  return Buffer.from(`after:${number}`).toString('base64url');
}

function decodeCursor(cursor: string): number | undefined {
  const digits = /^after:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function numberOf(id: string): number {
  return Number(/^note_([1-9]\d{0,8})$/.exec(id)?.[1] ?? 0);
}

export function createNotebook(): Notebook {
  const notes = new Map(seededNotes());
  let lastNumber = notes.size;
  return {
    page(limit, cursor) {
      const after = cursor === undefined ? 0 : decodeCursor(cursor);
      if (after === undefined) return undefined;
      const rest = [...notes].filter(([number]) => number > after);
      const taken = rest.slice(0, limit);
      const last = taken.at(-1)?.[0];
      const hasMore = last !== undefined && rest.length > limit;
      return {
        notes: taken.map(([, note]) => note),
        ...(hasMore && { nextCursor: encodeCursor(last) }),
      };
    },
    find: (id) => notes.get(numberOf(id)),
    add({ title, text }) {
      lastNumber += 1;
      const note = { id: `note_${lastNumber}`, title, text, created_at: new Date().toISOString() };
      notes.set(lastNumber, note);
      return note;
    },
    remove: (id) => notes.delete(numberOf(id)),
  };
}

import { SkConnectError } from '../errors.ts';

export interface Page<T> {
  items: T[];
  /** Of the whole list, as Scalekit counts it. */
  totalSize: number;
}

interface PageAnswer<T> extends Page<T> {
  nextPageToken: string;
}

/** All pages of a listing, one request at a time as they are asked for. */
export async function* allPages<T>(
  fetchPage: (pageToken: string) => Promise<PageAnswer<T>>,
): AsyncGenerator<Page<T>> {
  const seen = new Set<string>();
  let pageToken = '';
  do {
    const { items, totalSize, nextPageToken } = await fetchPage(pageToken);
    yield { items, totalSize };
    if (seen.has(nextPageToken)) {
      throw new SkConnectError(
        'upstream',
        'Scalekit gave the same page token twice; the list would never end',
        {
          code: 'scalekit_error',
        },
      );
    }
    seen.add(nextPageToken);
    pageToken = nextPageToken;
  } while (pageToken !== '');
}

/** Gathers all pages. Holds the whole list. */
export async function gather<T>(pages: AsyncIterable<Page<T>>): Promise<Page<T>> {
  const all: Page<T> = { items: [], totalSize: 0 };
  for await (const page of pages) {
    all.items.push(...page.items);
    all.totalSize = page.totalSize;
  }
  return { ...all, totalSize: Math.max(all.totalSize, all.items.length) };
}

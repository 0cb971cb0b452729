import type { StreamedBody } from '../../scalekit/proxy-input.ts';
import type { BodySource } from './body-source.ts';
import type { QueryPair } from './query.ts';

/** What the options make of the call's content: a body, or parameters of the query. */
export interface Content {
  body?: Body;
  query?: readonly QueryPair[];
  /** For GraphQL: with a variable replaced or added. The value is a JSON text. */
  withVariable?: (name: string, value: string) => Content;
}

export interface Body {
  source: BodySource;
  data: Uint8Array | StreamedBody;
  /** For where -H gives none, which it does where this is missing. */
  contentType?: string;
}

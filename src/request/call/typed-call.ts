import type { HeaderList } from '../../http/headers.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import type { BodySource } from './body-source.ts';

/** A call in the parts it was typed in, beside what is sent. */
export interface TypedCall {
  /** Checked, ready to send. Its headers include the content-type that follows from the body. */
  call: ProxyCall;
  /** With its templates filled, and the query that was written into it. */
  path: string;
  /** What `-q` (and with GET the fields) added, decoded; a name alone has no value. */
  query: readonly (readonly [name: string, value?: string])[];
  /** What `-H` gave. */
  headers: HeaderList;
  body: BodySource | undefined;
  /** With `--graphql`: the call with a variable replaced or added. The value is a JSON text. */
  withVariable?: (name: string, value: string) => ProxyCall;
}

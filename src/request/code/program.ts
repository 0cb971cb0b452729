import type { TypedCall } from '../call/typed-call.ts';
import { bodyOf, type ProgramBody } from './body.ts';
import { splitQuery } from './query.ts';
import { createVariables, type Variable } from './variables.ts';

/** What a program is to do, in no language yet. */
export interface Program {
  connectionName: string;
  identifier: string;
  method: string;
  /** Begins with a slash; percent-encoded as it leaves, with what of the query must stay as it is. */
  path: string;
  parameters: ReadonlyMap<string, string | number | Variable>;
  /** But for the body's type. */
  headers: readonly (readonly [name: string, value: string | Variable])[];
  /** Of the body; a multipart body's is left to who writes it, with its boundary. */
  contentType: string | undefined;
  body: ProgramBody | undefined;
  /** The environment variables that stand for what looks like a secret. */
  variables: readonly string[];
}

export function programOf(typed: TypedCall): Program {
  const { connectionName, identifier, method, headers: sent = [] } = typed.call;
  const variables = createVariables();
  const isContentType = ([name]: readonly [string, string]) => name.toLowerCase() === 'content-type';
  const contentType = typed.body?.kind === 'multipart' ? undefined : sent.find(isContentType)?.[1];
  return {
    connectionName,
    identifier,
    method,
    ...splitQuery(typed, variables),
    headers: typed.headers
      .filter((header) => !isContentType(header))
      .map(([name, value]) => [name, variables.field(name, value)]),
    contentType,
    body: bodyOf(typed, contentType, variables),
    variables: variables.names(),
  };
}

/** Headers for a dictionary, with the body's type: repeated ones are one list (RFC 9110 section 5.3). */
export function headerFields(
  { headers, contentType }: Program,
  impliedType?: string,
): ReadonlyMap<string, string | Variable> {
  const fields = new Map<string, string | Variable>();
  const spelling = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), key);
    const before = fields.get(key);
    const isList = typeof before === 'string' && typeof value === 'string';
    fields.set(key, isList ? `${before}, ${value}` : value);
  }
  if (contentType !== undefined && contentType !== impliedType) fields.set('content-type', contentType);
  return fields;
}

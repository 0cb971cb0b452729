import type { JsonObject } from '../json/object.ts';

/** A tool call before it is made. */
export interface PreparedCall {
  toolName: string;
  /** Null where a custom tool finds it itself. */
  connectionName: string | null;
  identifier: string | null;
  input: JsonObject;
}

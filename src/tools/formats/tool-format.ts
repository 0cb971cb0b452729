import type { JsonObject } from '../../json/object.ts';
import type { StrictRules } from './strict/rules.ts';

/** What a definition is made of. */
export interface Definable {
  name: string;
  displayName: string | null;
  description: string | null;
  inputSchema: JsonObject | null;
  outputSchema: JsonObject | null;
  readOnly: boolean | null;
}

/** How tools are put to one API. */
export interface ToolFormat {
  /** Whose format it is, as a message names it. */
  taker: string;
  /** JSON text around all definitions. */
  open: string;
  close: string;
  /** Each definition is a property that is named like its tool. */
  isKeyed?: boolean;
  /** The schema that a definition holds. */
  inputOf(tool: Definable): JsonObject;
  define(tool: Definable, input: JsonObject, isStrict: boolean): JsonObject;
  /** What of the tool the taker refuses. */
  problems(tool: Definable, input: JsonObject): Problem[];
  /** The dialect that schemas are held to: the taker refuses what is none. */
  isCheckedAgainst2020?: boolean;
  /** In one request. */
  mostTools?: number;
  /** Absent where the API has no strict mode of its own. */
  strict?: StrictRules;
}

export interface Problem {
  /** What is wrong, without what differs from tool to tool. */
  rule: string;
  /** Where in the schema, as a JSON pointer, or which name. */
  place?: string;
}

import type { JsonObject } from '../../json/object.ts';
import { NotStrict } from './strict/rules.ts';
import { type StrictSchema, toStrict } from './strict/strict.ts';
import type { Definable, Problem, ToolFormat } from './tool-format.ts';

export interface Definition {
  definition: JsonObject;
  /** What the taker refuses of it. */
  problems: Problem[];
  /** With the strict variant what it means; without it why there is none. */
  strict?: StrictSchema | NotStrict;
}

/** A tool as a format puts it; its strict variant where that was asked for and there is one. */
export function defineTool(tool: Definable, format: ToolFormat, isStrictWanted = false): Definition {
  const input = format.inputOf(tool);
  const problems = format.problems(tool, input);
  if (!isStrictWanted || format.strict === undefined) {
    return { definition: format.define(tool, input, false), problems };
  }
  try {
    const strict = toStrict(input, format.strict);
    return { definition: format.define(tool, strict.schema, true), problems, strict };
  } catch (error) {
    if (!(error instanceof NotStrict)) throw error;
    return { definition: format.define(tool, input, false), problems, strict: error };
  }
}

/** The definition as JSON text, the way it stands in the format's document. */
export function definitionText(tool: Definable, definition: JsonObject, format: ToolFormat): string {
  const text = JSON.stringify(definition);
  return format.isKeyed === true ? `${JSON.stringify(tool.name)}:${text}` : text;
}

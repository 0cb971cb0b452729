import { create, type JsonObject } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { type Tool, ToolSchema } from '../descriptors.ts';
import { stableId } from '../ids.ts';

/** A tool as Scalekit lists it. */
export interface ListedTool {
  name: string;
  message: Tool;
  /** What a query looks in: name, display name and description, in lower case. */
  words: string;
}

/** What one account offers, or one connector: made once, and asked for page by page. */
export interface ToolList {
  /** Of all of them. */
  provider: string;
  tools: readonly ListedTool[];
}

interface ToolFields {
  name: string;
  displayName: string;
  description: string;
  provider: string;
  /** What else the definition has; what is undefined is left out. */
  definition: object;
  metadata: JsonObject;
  tags: string[];
  updatedAt?: Timestamp;
}

export function listedTool(fields: ToolFields): ListedTool {
  const { name, displayName, description, provider, metadata, tags, updatedAt } = fields;
  const definition = plainJson({
    name,
    display_name: displayName,
    description,
    provider,
    ...fields.definition,
  });
  const id = stableId('tol_', name);
  const optional = updatedAt === undefined ? {} : { updatedAt };
  return {
    name,
    message: create(ToolSchema, { id, provider, definition, metadata, tags, isDefault: true, ...optional }),
    words: [name, displayName, description].join('\n').toLowerCase(),
  };
}

/** Through text, so that what is undefined is gone: a protobuf Struct takes plain JSON only. */
export function plainJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

import { isJsonObject, type JsonObject } from '../../json/object.ts';

/** What an MCP server answers a tools/call with. */
export interface Content {
  /** `structuredContent`; undefined where there is none. */
  structured: unknown;
  parts: readonly Part[];
}

export type Part =
  | { kind: 'text'; text: string; uri?: string }
  | { kind: 'blob'; mediaType: string; base64: string; uri?: string }
  | { kind: 'link'; uri: string; name: string | undefined; mediaType: string | undefined }
  /** Of a type that is not known here. */
  | { kind: 'other'; value: JsonObject };

/** Undefined for what is no MCP result: the tools of built-in connectors answer as they like. */
export function contentOf(data: unknown): Content | undefined {
  if (!isJsonObject(data)) return undefined;
  const { content, structuredContent, ...rest } = data;
  const isResult = Object.keys(rest).every((key) => key === 'isError' || key === '_meta');
  if (!isResult || (content === undefined && structuredContent === undefined)) return undefined;
  const list = content ?? [];
  if (!Array.isArray(list) || !list.every(isPart)) return undefined;
  return { structured: structuredContent, parts: list.map(toPart) };
}

function isPart(value: unknown): value is JsonObject {
  return isJsonObject(value) && typeof value['type'] === 'string';
}

// https://modelcontextprotocol.io/specification/2025-06-18/server/tools#tool-result
function toPart(value: JsonObject): Part {
  const { type, text, data, resource } = value;
  if (type === 'text' && typeof text === 'string') return { kind: 'text', text };
  if ((type === 'image' || type === 'audio') && typeof data === 'string') {
    return { kind: 'blob', mediaType: string(value['mimeType']) ?? type, base64: data };
  }
  if (type === 'resource' && isJsonObject(resource))
    return resourcePart(resource) ?? { kind: 'other', value };
  if (type === 'resource_link' && typeof value['uri'] === 'string') {
    const { uri, name, mimeType } = value;
    return { kind: 'link', uri, name: string(name), mediaType: string(mimeType) };
  }
  return { kind: 'other', value };
}

function resourcePart({ uri, text, blob, mimeType }: JsonObject): Part | undefined {
  const place = typeof uri === 'string' ? { uri } : {};
  if (typeof text === 'string') return { kind: 'text', text, ...place };
  if (typeof blob !== 'string') return undefined;
  return { kind: 'blob', mediaType: string(mimeType) ?? 'application/octet-stream', base64: blob, ...place };
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** How many bytes a text in base64 stands for. */
export function base64Bytes(base64: string): number {
  return Buffer.byteLength(base64, 'base64');
}

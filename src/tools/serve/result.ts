import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { isJsonObject } from '../../json/object.ts';
import { outputText, outputViolations } from '../content/check-output.ts';
import { contentOf } from '../content/content.ts';
import type { ListedTool, ToolOutcome } from '../toolbox.ts';

/** What a tool gave, as MCP says it: what an MCP server answered as it is, else JSON as text and as structured content. */
export async function toCallResult(
  { name, outputSchema }: ListedTool,
  { data: { text } }: Pick<ToolOutcome, 'data'>,
): Promise<CallToolResult> {
  const data: unknown = JSON.parse(text);
  const given = contentOf(data) === undefined ? fromJson(text, data) : asResult(data);
  const violations = outputSchema === null ? [] : await outputViolations(outputSchema, text);
  if (violations.length === 0) return given;
  // Clients refuse structured content that is not as listed; an error may hold what it likes.
  return failure([
    outputText(name, violations),
    ...given.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])),
  ]);
}

/** A failure of the tool, for the model to read. */
export function failure(texts: readonly string[]): CallToolResult {
  return { isError: true, content: texts.map((text) => ({ type: 'text', text })) };
}

/** A client may show nothing but text, in which integers beyond 2^53 are as they came. */
function fromJson(text: string, data: unknown): CallToolResult {
  return {
    content: [{ type: 'text', text }],
    ...(isJsonObject(data) ? { structuredContent: data } : {}),
  };
}

function asResult(data: unknown): CallToolResult {
  return { content: [], ...(data as object) };
}

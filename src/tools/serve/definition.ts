import { type Tool, ToolSchema } from '@modelcontextprotocol/sdk/types.js';
import { defineTool } from '../formats/definition.ts';
import { mcp } from '../formats/mcp.ts';
import { modelView } from '../model-view.ts';
import type { ListedTool } from '../toolbox.ts';

/** A tool as MCP lists it, with the inputs that are the caller's: its identifier is known. */
export function toMcpTool(tool: ListedTool, tell: (line: string) => void): Tool {
  const { definition } = defineTool(modelView(tool), mcp);
  const parsed = ToolSchema.safeParse(withObjectOutput(definition));
  if (parsed.success) return parsed.data;
  // One that a client does not take would cost it all the others.
  tell(`${tool.name} is listed without its schemas, which MCP does not take.`);
  return { name: tool.name, description: tool.description ?? '', inputSchema: { type: 'object' } };
}

/** `structuredContent` is an object: an output of another type is told of as text. */
function withObjectOutput(definition: ReturnType<typeof defineTool>['definition']): object {
  const { outputSchema, ...rest } = definition;
  const isObject = typeof outputSchema === 'object' && Reflect.get(Object(outputSchema), 'type') === 'object';
  return isObject ? definition : rest;
}

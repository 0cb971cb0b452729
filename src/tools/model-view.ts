import { forModel } from '../contracts/model-schema.ts';
import type { ListedTool } from './toolbox.ts';

/** A tool with the inputs that are a model's to give: a custom tool's identifier is the caller's. */
export function modelView(tool: ListedTool): ListedTool {
  const { source, inputSchema } = tool;
  return source === 'custom' && inputSchema !== null ? { ...tool, inputSchema: forModel(inputSchema) } : tool;
}

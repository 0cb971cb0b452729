import type { JsonObject } from '../json/object.ts';
import type { Contract } from './contract.ts';

/** A custom tool of a file, and where it stands there. */
export type CustomTool = ContractTool | ModuleTool;

export interface ContractTool {
  kind: 'contract';
  contract: Contract;
  place: Place;
}

/** A tool that a module defines and serves itself. */
export interface ModuleTool {
  kind: 'module';
  definition: ToolDefinition;
  routeToolCall: RouteToolCall;
  place: Place;
}

/** As Scalekit returns the tools of its own, and the Anthropic API takes them. */
export interface ToolDefinition {
  name: string;
  description?: string;
  input_schema: JsonObject;
  output_schema?: JsonObject;
  read_only?: boolean;
  scopes?: string[];
}

export type RouteToolCall = (toolName: string, toolInput: JsonObject) => unknown;

export interface Place {
  /** As it was named. */
  file: string;
  /** From 1; absent in modules. */
  line?: number;
  column?: number;
}

/** What either says of itself. */
export function definitionOf(tool: CustomTool): ToolDefinition {
  return tool.kind === 'contract' ? tool.contract : tool.definition;
}

/** Whether a tool changes nothing; null where that is not known. A POST may be a search. */
export function isReadOnly(tool: CustomTool): boolean | null {
  const said = definitionOf(tool).read_only;
  if (said !== undefined || tool.kind === 'module') return said ?? null;
  const { method, body } = tool.contract.request;
  const isReading = method === 'GET' || method === 'HEAD' || (method === undefined && body === undefined);
  return isReading ? true : null;
}

/** `tools.yaml:4:5`. */
export function placeText({ file, line, column }: Place): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}

import { pathToFileURL } from 'node:url';
import { messageOf } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json/object.ts';
import { compileSchema } from '../json/schema.ts';
import type { Loaded } from './load.ts';
import { type ContractProblem, pathText } from './problems.ts';
import type { RouteToolCall, ToolDefinition } from './tool.ts';
import { waitFor } from './wait.ts';

/**
 * The tools of a module that exports `customTools` and `routeToolCall(name, input)`, by name or in its default export.
 * The module's code runs.
 */
export async function loadModule(file: string, path: string, signal?: AbortSignal): Promise<Loaded> {
  let exported: JsonObject;
  try {
    exported = await waitFor(import(pathToFileURL(path).href) as Promise<JsonObject>, signal);
  } catch (error) {
    signal?.throwIfAborted();
    return { tools: [], problems: [{ file, path: '', message: whyNotLoaded(file, error) }] };
  }
  const { customTools, routeToolCall } = exportsOf(exported);
  const problems: ContractProblem[] = [];
  if (typeof routeToolCall !== 'function') {
    problems.push({ file, path: '', message: 'exports no function routeToolCall(name, input)' });
  }
  if (!Array.isArray(customTools)) {
    problems.push({ file, path: '', message: 'exports no list customTools' });
    return { tools: [], problems };
  }
  for (const [index, tool] of (customTools as unknown[]).entries()) {
    const found = await checkDefinition(tool);
    problems.push(...found.map((message) => ({ file, path: pathText(['customTools', index]), message })));
  }
  if (problems.length > 0) return { tools: [], problems };
  return {
    problems,
    tools: (customTools as ToolDefinition[]).map((definition) => ({
      kind: 'module',
      definition,
      routeToolCall: routeToolCall as RouteToolCall,
      place: { file },
    })),
  };
}

function exportsOf(exported: JsonObject): { customTools: unknown; routeToolCall: unknown } {
  const inside = isJsonObject(exported['default']) ? exported['default'] : {};
  const { customTools = inside['customTools'], routeToolCall = inside['routeToolCall'] } = exported;
  return { customTools, routeToolCall };
}

function whyNotLoaded(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /ts$/i.test(file)) {
    return 'is TypeScript, which this Node does not load: take Node 22.18 or newer, or compile it to JavaScript';
  }
  // Node keeps the place to itself.
  const where = error instanceof SyntaxError ? ` (node --check ${file} shows where)` : '';
  return `cannot be loaded: ${messageOf(error)}${where}`;
}

async function checkDefinition(tool: unknown): Promise<string[]> {
  if (!isJsonObject(tool)) return ['is no tool: it must be an object'];
  const { name, description, input_schema: schema, output_schema: outputSchema } = tool;
  const problems: string[] = [];
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    problems.push(`has no name of 1 to 64 letters, digits, _ and -: ${JSON.stringify(name)}`);
  }
  if (description !== undefined && typeof description !== 'string')
    problems.push('has a description that is no text');
  if (!isJsonObject(schema) || schema['type'] !== 'object') {
    problems.push('has no input_schema of the type object');
  } else {
    problems.push(...(await schemaProblems('input_schema', schema)));
  }
  if (outputSchema !== undefined) problems.push(...(await schemaProblems('output_schema', outputSchema)));
  return problems;
}

async function schemaProblems(name: string, schema: unknown): Promise<string[]> {
  try {
    await compileSchema(schema as JsonObject, { isStrict: true });
    return [];
  } catch (error) {
    return [`has an ${name} that is no JSON Schema: ${messageOf(error)}`];
  }
}

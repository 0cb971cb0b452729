import type { Contract } from '../../contracts/contract.ts';
import { isJsonObject } from '../../json/object.ts';
import { below, type Finding, pathText, SandboxConfigError } from '../config/problems.ts';
import type { SandboxConfig } from '../config/types.ts';

/** No state, but lists of tools that were found right: what loads a config and what starts with it both ask. */
const right = new WeakSet<readonly unknown[]>();

export function noteRight(tools: Contract[]): Contract[] {
  right.add(tools);
  return tools;
}

/** What is wrong with the tools of a connector's definition, as the commands for custom tools say it of a file. Asked of any shape. */
export async function toolProblems(definition: unknown): Promise<Finding[]> {
  const tools = isJsonObject(definition) ? definition['tools'] : undefined;
  if (!Array.isArray(tools) || right.has(tools)) return [];
  const { checkContracts } = await import('../../contracts/check.ts');
  const findings = await checkContracts({ tools });
  if (findings.length === 0) right.add(tools);
  return findings.map(({ path, message }) => ({ path: [...path], message }));
}

/** The same of all connectors of a config. */
export async function findToolProblems(config: unknown): Promise<Finding[]> {
  if (!isJsonObject(config) || !Array.isArray(config['connectors'])) return [];
  const found: Finding[] = [];
  for (const [index, definition] of config['connectors'].entries()) {
    found.push(...below(['connectors', index], await toolProblems(definition)));
  }
  return found;
}

/** @throws SandboxConfigError that lists all problems */
export async function requireRightTools(config: SandboxConfig): Promise<void> {
  const findings = await findToolProblems(config);
  if (findings.length === 0) return;
  const problems = findings.map(({ path, message }) => ({ path: pathText(path), message }));
  throw new SandboxConfigError('sandbox config', problems);
}

/** What a connector's tools must be beyond being right. Asked of any shape. */
export function checkBuiltInTools({
  tools,
  auth_patterns: patterns = [],
}: {
  tools?: Contract[];
  auth_patterns?: readonly { is_mcp?: boolean }[];
}): Finding[] {
  if (!Array.isArray(tools)) return [];
  if (Array.isArray(patterns) && patterns.some((pattern) => isJsonObject(pattern) && pattern['is_mcp'])) {
    return [{ path: ['tools'], message: 'does not go with is_mcp: the tools are those of the MCP server' }];
  }
  return tools.flatMap((tool: unknown, index): Finding[] => {
    const { name, request } = isJsonObject(tool) ? tool : {};
    const at = (...path: string[]) => ['tools', index, ...path];
    const namesConnection = isJsonObject(request) && request['connection'] !== undefined;
    const isNamedAsOfMcp = typeof name === 'string' && /^c-.+_/.test(name);
    return [
      ...(namesConnection ? [{ path: at('request', 'connection'), message: NO_CONNECTION }] : []),
      ...(isNamedAsOfMcp ? [{ path: at('name'), message: NOT_OF_MCP }] : []),
    ];
  });
}

const NO_CONNECTION = "does not go here: a connector's tools are called on each of its connections";
const NOT_OF_MCP = 'is a name of the kind that tools of MCP connections have (c-…_…)';

/** A tool's name says which connector it is of. */
export function checkToolNames({ connectors }: SandboxConfig): Finding[] {
  const first = new Map<string, number>();
  return connectors.flatMap(({ tools = [] }, index) =>
    tools.flatMap((tool: Partial<Contract> | null, at): Finding[] => {
      const name = tool?.name;
      if (typeof name !== 'string') return [];
      const before = first.get(name) ?? index;
      first.set(name, before);
      if (before === index) return [];
      const message = `${name} is the name of a tool of ${connectors[before]?.display_name} already`;
      return [{ path: ['connectors', index, 'tools', at, 'name'], message }];
    }),
  );
}

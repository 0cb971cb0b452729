import { isJsonObject } from '../json/object.ts';
import { checkShape } from './check-shape.ts';
import { checkTool } from './check-tool.ts';
import type { Contract } from './contract.ts';
import type { Finding } from './problems.ts';

/** All that is wrong with the value of a contract file: its shape, and what a tool whose shape is right means. */
export async function checkContracts(value: unknown): Promise<Finding[]> {
  const shape = await checkShape(value);
  const hasRightShape = (index: number) =>
    !shape.some(({ path: [first, second] }) => first === 'tools' && second === index);
  const tools = isJsonObject(value) && Array.isArray(value['tools']) ? (value['tools'] as unknown[]) : [];
  const meaning: Finding[] = [];
  for (const [index, tool] of tools.entries()) {
    if (!hasRightShape(index)) continue;
    const found = await checkTool(tool as Contract);
    meaning.push(...found.map(({ path, message }) => ({ path: ['tools', index, ...path], message })));
  }
  return [...shape, ...meaning, ...repeatedNames(tools)];
}

function repeatedNames(tools: readonly unknown[]): Finding[] {
  const first = new Map<unknown, number>();
  return tools.flatMap((tool, index) => {
    const name = isJsonObject(tool) ? tool['name'] : undefined;
    if (typeof name !== 'string') return [];
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    return before === undefined
      ? []
      : [{ path: ['tools', index, 'name'], message: `${name} is the name of tools[${before}] already` }];
  });
}

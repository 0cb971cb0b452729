import type { Style } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';
import type { ListedTool } from './toolbox.ts';

export function toolColumns(style: Style): Column<ListedTool>[] {
  return [
    { header: 'TOOL', value: ({ name }) => name },
    { header: 'SOURCE', value: ({ source }) => source, paint: (text) => style.dim(text) },
    { header: 'REQUIRED', value: (tool) => requiredInputs(tool).join(', '), isFlexible: true },
    { header: 'DESCRIPTION', value: ({ description }) => description ?? '', isFlexible: true },
  ];
}

export function requiredInputs({ inputSchema }: Pick<ListedTool, 'inputSchema'>): string[] {
  const required = inputSchema?.['required'];
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

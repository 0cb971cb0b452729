import type { Tool } from '../scalekit/tools.ts';
import type { Style } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';

export function toolColumns(style: Style): Column<Tool>[] {
  return [
    { header: 'TOOL', value: ({ name }) => name },
    { header: 'SOURCE', value: ({ source }) => source, paint: (text) => style.dim(text) },
    { header: 'REQUIRED', value: (tool) => requiredInputs(tool).join(', '), isFlexible: true },
    { header: 'DESCRIPTION', value: ({ description }) => description ?? '', isFlexible: true },
  ];
}

export function requiredInputs({ inputSchema }: Tool): string[] {
  const required = inputSchema?.['required'];
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

import type { Style } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';
import type { ScopeCheck } from './scopes.ts';
import type { ListedTool } from './toolbox.ts';

export function toolColumns(style: Style): Column<ListedTool>[] {
  return [
    { header: 'TOOL', value: ({ name }) => name },
    { header: 'SOURCE', value: ({ source }) => source, paint: (text) => style.dim(text) },
    { header: 'REQUIRED', value: (tool) => requiredInputs(tool).join(', '), isFlexible: true },
    { header: 'DESCRIPTION', value: ({ description }) => description ?? '', isFlexible: true },
  ];
}

/** For a person: a tool that cannot work with the scopes of its account is marked. */
export function markedToolColumns(
  style: Style,
  { missing }: Pick<ScopeCheck, 'missing'>,
): Column<ListedTool>[] {
  const lacks = (tool: ListedTool) => missing(tool) ?? [];
  return toolColumns(style).map((column) =>
    column.header === 'DESCRIPTION'
      ? {
          ...column,
          value: (tool) => {
            const lacking = lacks(tool);
            const mark = lacking.length === 0 ? '' : `! not granted: ${lacking.join(', ')} · `;
            return mark + column.value(tool);
          },
          paint: (text, tool) => (lacks(tool).length === 0 ? text : style.yellow(text)),
        }
      : column,
  );
}

function requiredInputs({ inputSchema }: Pick<ListedTool, 'inputSchema'>): string[] {
  const required = inputSchema?.['required'];
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

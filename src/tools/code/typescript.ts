import { layOut } from '../../request/code/literal.ts';
import { accountCheck, sdkImports, syntax } from '../../request/code/typescript.ts';
import type { ToolProgram } from './code.ts';

/** A TypeScript program, an ES module. */
export function typescriptToolProgram({ toolName, connectionName, identifier, input }: ToolProgram): string {
  const place = { margin: '  ', before: '  toolInput: '.length };
  return `${sdkImports.join('\n')}

${accountCheck({ connectionName, identifier })}

const { data } = await actions.executeTool({
  toolName: ${syntax.string(toolName)},
  connector: connectionName,
  identifier,
  toolInput: ${layOut(input, syntax, place)},
});
console.log(JSON.stringify(data, null, 2));
`;
}

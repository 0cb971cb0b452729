import { layOut } from '../../request/code/literal.ts';
import { accountCheck, syntax } from '../../request/code/python.ts';
import type { ToolProgram } from './code.ts';

/** A Python program. */
export function pythonToolProgram({ toolName, connectionName, identifier, input }: ToolProgram): string {
  const place = { margin: '    ', before: '    tool_input='.length };
  return `import scalekit.client, os, json
from dotenv import load_dotenv
load_dotenv()

${accountCheck({ connectionName, identifier })}

result = actions.execute_tool(
    tool_name=${syntax.string(toolName)},
    connection_name=connection_name,
    identifier=identifier,
    tool_input=${layOut(input, syntax, place)},
)
print(json.dumps(result.data, indent=2))
`;
}

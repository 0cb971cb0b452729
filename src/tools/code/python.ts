import { layOut } from '../../request/code/literal.ts';
import { syntax } from '../../request/code/python.ts';
import type { ToolProgram } from './code.ts';

/** A Python program. */
export function pythonToolProgram({ toolName, connectionName, identifier, input }: ToolProgram): string {
  const place = { margin: '    ', before: '    tool_input='.length };
  return `import scalekit.client, os, json
from dotenv import load_dotenv
load_dotenv()

connection_name = ${syntax.string(connectionName)}
identifier = ${syntax.string(identifier)}

scalekit_client = scalekit.client.ScalekitClient(
    client_id=os.getenv("SCALEKIT_CLIENT_ID"),
    client_secret=os.getenv("SCALEKIT_CLIENT_SECRET"),
    env_url=os.getenv("SCALEKIT_ENV_URL"),
)
actions = scalekit_client.actions

account = actions.get_or_create_connected_account(
    connection_name=connection_name,
    identifier=identifier,
).connected_account

if account.status != "ACTIVE":
    raise ValueError("Connected account is not ACTIVE. Re-authorize the user.")

result = actions.execute_tool(
    tool_name=${syntax.string(toolName)},
    connection_name=connection_name,
    identifier=identifier,
    tool_input=${layOut(input, syntax, place)},
)
print(json.dumps(result.data, indent=2))
`;
}

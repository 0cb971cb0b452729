import { connectionName, identifier, scalekit } from './client.js';

const result = await scalekit.actions.executeTool({
  toolName: 'c-mcp_echo',
  connector: connectionName,
  identifier,
  toolInput: { text: 'hello' },
});
console.log(result.data);

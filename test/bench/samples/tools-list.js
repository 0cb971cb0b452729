import { connectionName, identifier, scalekit } from './client.js';

const toolNames = [];
let pageToken;
do {
  const scoped = await scalekit.tools.listScopedTools(identifier, {
    filter: { connectionNames: [connectionName] },
    pageSize: 100,
    pageToken,
  });
  toolNames.push(...(scoped.tools?.map((st) => st.tool?.definition?.name) ?? []));
  pageToken = scoped.nextPageToken;
} while (pageToken);
console.log('Available tools:', toolNames);

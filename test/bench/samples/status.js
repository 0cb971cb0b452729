import { connectionName, identifier, scalekit } from './client.js';

const { connectedAccounts } = await scalekit.actions.listConnectedAccounts({ connectionName, identifier });
console.log(connectedAccounts.map(({ connector, status }) => [connector, status]));

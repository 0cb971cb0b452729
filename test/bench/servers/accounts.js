// A sandbox with 10,000 connected accounts of one connection, in a process of its own.
import { startSandbox } from '../../../dist/sandbox.js';

const accounts = Array.from({ length: 10_000 }, (_, index) => ({
  connection: 'rest',
  identifier: `user_${index}`,
  credentials: { token: `token-${index}` },
}));

const sandbox = await startSandbox({
  config: {
    connectors: [
      {
        display_name: 'Rest',
        proxy_url: 'http://127.0.0.1:9',
        proxy_enabled: true,
        auth_patterns: [{ type: 'BEARER' }],
      },
    ],
    connections: [{ name: 'rest', connector: 'rest' }],
    accounts,
  },
});
process.send({ env: sandbox.env });
process.on('disconnect', () => process.exit());

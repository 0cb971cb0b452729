// A sandbox whose connection `rest` leads to the port that is given, in a process of its own. Tells its peak memory when it is asked.
import { startSandbox } from '../../../dist/sandbox.js';
import { peakKiB } from '../peak.cjs';

const sandbox = await startSandbox({
  config: {
    connectors: [
      {
        display_name: 'Rest',
        proxy_url: `http://127.0.0.1:${process.argv[2]}`,
        proxy_enabled: true,
        auth_patterns: [{ type: 'BEARER' }],
      },
    ],
    connections: [{ name: 'rest', connector: 'rest' }],
    accounts: [{ connection: 'rest', identifier: 'user_123', credentials: { token: 'bench-token' } }],
  },
});
process.send({ env: sandbox.env });
process.on('message', () => process.send({ peakKiB: peakKiB() }));
process.on('disconnect', () => process.exit());

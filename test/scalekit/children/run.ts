/** A process of its own that calls Scalekit as its parent says, and then has to end by itself. */
import { createRedactor } from '../../../src/redact.ts';
import { createScalekit } from '../../../src/scalekit/scalekit.ts';
import { createTokenCache } from '../../../src/scalekit/token-cache.ts';
import { isAborted, type RunOrder } from './order.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as RunOrder;
const { environment, cacheFolder, calls } = order;
const end = new AbortController();

process.once('message', () => {
  end.abort(isAborted);
  process.disconnect();
});

const scalekit = createScalekit({
  environment,
  tokenCache: cacheFolder === undefined ? undefined : createTokenCache(cacheFolder, environment),
  redactor: createRedactor(),
  trace: () => {},
  signal: end.signal,
});

const outcomes = calls.map(async (call) => {
  if (call === 'list') {
    await (await scalekit.tools()).catalog({}).next();
    return 'listed';
  }
  const account = { connectionName: 'crm', identifier: 'user_1' };
  const response = await scalekit.request({ ...account, method: 'GET', path: '/me' });
  for await (const _ of response.body) if (call === 'proxy, one chunk') break;
  return String(response.status);
});
const settled = await Promise.allSettled(outcomes);
scalekit.close();
if (process.connected) process.disconnect();
process.stdout.write(
  JSON.stringify(settled.map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason)))),
);

/** Writes, reads and drops tokens as fast as it can; ends with how many reads brought something else than a written token. */
import { createTokenCache } from '../../../src/scalekit/token-cache.ts';
import type { CacheOrder } from './order.ts';

const { environment, cacheFolder, name, rounds } = JSON.parse(process.argv[2] ?? '{}') as CacheOrder;
const cache = createTokenCache(cacheFolder, environment);
let torn = 0;
for (let round = 0; round < rounds; round++) {
  // Of very different lengths, so that a file written in place would show the end of a longer one.
  const accessToken = `${name}-${'x'.repeat((round % 7) * 1000)}`;
  await cache.write({ accessToken, renewAt: Date.now() + 60_000 });
  const read = await cache.read();
  if (read === undefined || !/^(one|two)-x*$/.test(read.accessToken)) torn++;
}
process.stdout.write(String(torn));

import { defineConfig, mergeConfig } from 'vitest/config';
import common from './vitest.config.ts';

/** The pages in a real browser. `SCREENSHOTS=/tmp/shots npm run test:browser` keeps pictures of them. */
export default mergeConfig(
  { ...common, test: { ...common.test, include: [], exclude: [] } },
  defineConfig({ test: { include: ['test/browser/**/*.test.ts'] } }),
);

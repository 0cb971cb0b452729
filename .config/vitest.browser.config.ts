import { defineConfig } from 'vitest/config';
import common from './vitest.config.ts';

/** The pages in a real Chromium. `SCREENSHOTS=/tmp/shots npm run test:browser` keeps pictures of them. */
export default defineConfig({
  test: { ...common.test, include: ['test/browser/**/*.test.ts'], exclude: [] },
});

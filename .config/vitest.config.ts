import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    // They need a browser: `npm run test:browser`.
    exclude: ['test/browser/**'],
    // What is set for a real environment must not reach the tests.
    env: {
      SCALEKIT_ENV_URL: '',
      SCALEKIT_CLIENT_ID: '',
      SCALEKIT_CLIENT_SECRET: '',
      SCALEKIT_CONNECTION_NAME: '',
      SCALEKIT_IDENTIFIER: '',
      CI: '',
    },
    // CommonJS packages are imported as Node imports them.
    deps: { interopDefault: false },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: { include: ['src/**', 'commands/**', 'bin/**'], reporter: ['text-summary'] },
  },
});

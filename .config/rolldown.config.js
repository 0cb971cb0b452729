import { defineConfig } from 'rolldown';
import { thirdPartyLicenses } from './third-party-licenses.js';

const shared = {
  platform: 'node',
  resolve: {
    // One copy of each library, whether the SDK requires it or we import it: two would cost twice the time to
    // load, and their classes would not know each other.
    conditionNames: ['import', 'node', 'default'],
  },
};

export default defineConfig([
  {
    ...shared,
    input: { 'sk-connect': 'bin/sk-connect.ts' },
    plugins: [thirdPartyLicenses()],
    output: {
      dir: 'dist',
      cleanDir: true,
      // CommonJS starts some 8 ms sooner than ESM on Node 20.
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      // White space only: names are needed, by oidc-provider's models and in a bug report's stack.
      minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
    },
  },
]);

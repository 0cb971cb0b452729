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
      minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
    },
  },
]);

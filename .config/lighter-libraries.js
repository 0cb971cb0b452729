import { fileURLToPath } from 'node:url';

const stub = (name) => fileURLToPath(new URL(`stubs/${name}.js`, import.meta.url));

/** In the bundle, what the SDK's libraries load at start and sk-connect never uses is replaced by next to nothing. */
export const unusedLibraries = { 'form-data': stub('form-data'), qs: stub('qs') };

/**
 * Node loads the whole of undici, 10 MB and some 15 ms, when a program first names one of the globals of
 * fetch. In the bundle nothing on the way of a command does: connect gets its Headers from a library, and
 * axios, which uses Node's http, is kept from asking what fetch could do.
 */
const rewrites = [
  {
    file: /[\\/]@connectrpc[\\/].*\.js$/,
    find: /\bnew Headers\b/,
    replace: (code) => `import { Headers } from 'headers-polyfill';\n${code}`,
  },
  {
    file: /[\\/]headers-polyfill[\\/].*\.mjs$/,
    find: /globalThis\.Headers/,
    replace: (code) => code.replaceAll('globalThis.Headers', 'undefined'),
  },
  {
    file: /[\\/]axios[\\/]dist[\\/]node[\\/]axios\.cjs$/,
    find: /G\.FormData[^]*const getFetch = /,
    replace: (code) =>
      code
        .replaceAll('G.FormData', 'undefined')
        .replace('const getFetch = ', 'const getFetch = () => null;\nconst makeFetch = '),
  },
];

export function withoutFetchGlobals() {
  const done = new Set();
  return {
    name: 'without-fetch-globals',
    transform: {
      filter: { id: rewrites.map(({ file }) => file) },
      handler(code, id) {
        const rewrite = rewrites.find(({ file, find }) => file.test(id) && find.test(code));
        if (rewrite === undefined) return null;
        done.add(rewrite);
        return { code: rewrite.replace(code), map: null };
      },
    },
    buildEnd(error) {
      // A library that has changed would silently be heavy again.
      const missed = rewrites.filter((rewrite) => !done.has(rewrite));
      if (error === undefined && missed.length > 0) {
        throw new Error(`nothing to rewrite in ${missed.map(({ file }) => file).join(', ')}`);
      }
    },
  };
}

import { defineConfig } from 'rolldown';
import { unusedLibraries, withoutFetchGlobals } from './lighter-libraries.js';
import { thirdPartyLicenses } from './third-party-licenses.js';

const shared = {
  platform: 'node',
  resolve: {
    // One copy of each library, whether the SDK requires it or we import it: two would cost twice the time to
    // load, and their classes would not know each other.
    conditionNames: ['import', 'node', 'default'],
    alias: unusedLibraries,
  },
  checks: {
    // depd, of oidc-provider's koa, makes its deprecated functions with eval.
    eval: false,
  },
};

const SDK_PACKAGES = [
  '@scalekit-sdk/node',
  '@bufbuild',
  '@connectrpc',
  'agent-base',
  'axios',
  'debug',
  'follow-redirects',
  'has-flag',
  'headers-polyfill',
  'https-proxy-agent',
  'ms',
  'proxy-from-env',
  'set-cookie-parser',
  'supports-color',
];
const SDK = new RegExp(
  `[\\\\/]node_modules[\\\\/](${SDK_PACKAGES.join('|')})[\\\\/](?!.*connection(s|\\.js))|[\\\\/]stubs[\\\\/]`,
);
/** What every start needs, which is all that --help and a mistyped command do. */
const START = new RegExp(
  [
    '^(?!.*node_modules).*[\\\\/]commands[\\\\/]',
    '^(?!.*node_modules).*[\\\\/]src[\\\\/](app|end|errors|main|redact|http[\\\\/]loopback|config[\\\\/].*|terminal[\\\\/](io|json-paint|style|terminal|visible)|json[\\\\/](indent|jq|layout|nesting|number-scan|scanner)|tools[\\\\/](formats[\\\\/]names|lock[\\\\/]kinds))\\.ts$',
    '[\\\\/]node_modules[\\\\/](commander|chalk)[\\\\/]',
  ].join('|'),
);
/** All of our own code that a command may need, but for what pulls in a large library or module of Node. */
const COMMANDS = new RegExp(
  [
    '^(?!.*node_modules).*[\\\\/]commands[\\\\/]',
    '^(?!.*node_modules).*[\\\\/]src[\\\\/](?!sandbox(es)?[\\\\/]|sandbox-api|demo[\\\\/]|request[\\\\/]|contracts[\\\\/]|json[\\\\/](schema-compare[\\\\/]|tidy-schema|jq-engine)|tools[\\\\/](?!formats[\\\\/]names|lock[\\\\/]kinds)|http[\\\\/]zstd|accounts[\\\\/](authorize|consent|verification[\\\\/](?!news))|scalekit[\\\\/](?!pages))',
    '[\\\\/]node_modules[\\\\/](commander|chalk|leven)[\\\\/]',
  ].join('|'),
);

/** What a list and a call of tools need, each without a library; the rest of src/tools is loaded by who asks for it. */
const TOOLS =
  /^(?!.*node_modules).*[\\/]src[\\/]tools[\\/](account-tools|columns|confirm|exec|input[\\/].*|list|list-json|scopes|shape|show-outcome|toolbox|unnamed-inputs|validate)\.ts$/;

/** What a call of a custom tool needs, each without a library: the files' check, pages and modules are loaded apart. */
const CUSTOM_TOOLS =
  /^(?!.*node_modules).*[\\/]src[\\/](contracts[\\/](answer|call|document-cache|failure|fit|input|load|problems|program|run|template|tool)|tools[\\/](contract-host|custom-\w+))\.ts$/;

const output = {
  dir: 'dist',
  // The names of functions and classes stay: oidc-provider's models and a bug report's stack need them.
  minify: { mangle: { keepNames: true }, compress: false, codegen: { removeWhitespace: true } },
};

const licenses = thirdPartyLicenses('THIRD_PARTY_LICENSES.txt');

export default defineConfig([
  {
    ...shared,
    input: { 'sk-connect': 'bin/sk-connect.ts' },
    preserveEntrySignatures: 'allow-extension',
    plugins: [withoutFetchGlobals(), licenses],
    output: {
      ...output,
      cleanDir: true,
      // CommonJS starts some 8 ms sooner than ESM on Node 20.
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'cli/[name]-[hash].cjs',
      // A call to Scalekit loads five files: each one costs a look-up and a compilation.
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [
          { name: 'sdk', test: SDK, priority: 2 },
          { name: 'start', test: START, priority: 2 },
          { name: 'commands', test: COMMANDS, priority: 1 },
          { name: 'tools', test: TOOLS, priority: 1 },
          { name: 'custom-tools', test: CUSTOM_TOOLS, priority: 1 },
        ],
      },
    },
  },
  {
    ...shared,
    // What both need is there once.
    input: { sandbox: 'src/sandbox/start.ts', tools: 'src/contracts/library.ts' },
    plugins: [licenses],
    output: {
      ...output,
      // Where an app catches no error Node shows the line that threw it, which must not be all of the file.
      minify: { ...output.minify, codegen: { removeWhitespace: false } },
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'lib/[name]-[hash].js',
    },
  },
]);

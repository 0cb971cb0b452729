// Builds dist/ and says nothing unless something is wrong; rolldown's own command prints every chunk.
import { copyFile } from 'node:fs/promises';
import { build } from 'rolldown';
import configs from './rolldown.config.js';

// One after the other: the first cleans dist/, and the last completes the licences.
for (const config of configs) await build(config);
await copyFile('src/contracts/tools.schema.json', 'dist/tools.schema.json');
await copyFile('src/sandbox/control/openapi.json', 'dist/sandbox.openapi.json');

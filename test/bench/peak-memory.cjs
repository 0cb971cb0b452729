// Loaded into every measured program: tells its peak memory in KiB on file descriptor 3 when it ends.
const { writeSync } = require('node:fs');
const { peakKiB } = require('./peak.cjs');

process.on('exit', () => writeSync(3, String(peakKiB())));

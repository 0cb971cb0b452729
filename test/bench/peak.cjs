const { readFileSync } = require('node:fs');

/** The most memory that this process has had so far. On Linux maxRSS begins with what the process had that started this one. */
exports.peakKiB = function peakKiB() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
};

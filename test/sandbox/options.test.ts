import { expect, it } from 'vitest';
import { SandboxConfigError, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';

const config = { connectors: [], connections: [] };

// As a test in JavaScript may have them.
it.each<[given: unknown, message: string]>([
  [undefined, 'options of startSandbox: is required'],
  [null, 'options of startSandbox: must be a mapping'],
  [{ config, port: '8080' }, 'options of startSandbox port: must be a number'],
  [{ config, port: -1 }, 'options of startSandbox port: must be 0 to 65535'],
  [{ config, port: 1.5 }, 'options of startSandbox port: must be 0 to 65535'],
  [{ config, state: '' }, 'options of startSandbox state: must not be empty'],
  [{ config, state: { file: 'x' } }, 'options of startSandbox state: must be a string'],
  [{ config, stateFile: 'x' }, 'options of startSandbox stateFile: is not known here'],
  [{ config, now: 5 }, 'options of startSandbox now: must be a function'],
  [{ config, warn: 'x' }, 'options of startSandbox warn: must be a function'],
  [{ config, upstreamTimeoutMs: 0 }, 'options of startSandbox upstreamTimeoutMs: must be more than 0'],
  [{ config, maxConcurrentRequests: 0 }, 'options of startSandbox maxConcurrentRequests: must be at least 1'],
  [{ config: null }, 'sandbox config: must be a mapping'],
  [{}, 'options of startSandbox config: is required'],
])('%j are no options', async (given, message) => {
  const started = startSandbox(given as SandboxOptions);
  await expect(started).rejects.toThrow(message);
  await expect(started).rejects.toBeInstanceOf(SandboxConfigError);
});

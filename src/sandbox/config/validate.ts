import type { SandboxConfig } from './types.ts';

export function validateConfig(config: SandboxConfig): SandboxConfig {
  return config;
}

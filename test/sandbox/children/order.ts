import type { SandboxConfig } from '../../../src/sandbox/start.ts';

export interface KeepOrder {
  config: SandboxConfig;
  state: string;
}

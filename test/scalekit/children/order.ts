import type { Environment } from '../../../src/config/settings.ts';
import { SkConnectError } from '../../../src/errors.ts';

export interface RunOrder {
  environment: Environment;
  cacheFolder?: string;
  calls: ('list' | 'proxy' | 'proxy, one chunk')[];
}

export interface CacheOrder {
  environment: Environment;
  cacheFolder: string;
  /** Begins each token that this process writes. */
  name: string;
  rounds: number;
}

export const isAborted = new SkConnectError('interrupted', 'stopped by the parent');

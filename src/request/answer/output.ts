import { once } from 'node:events';
import type { App } from '../../app.ts';

/** stdout for much: only where its reader is slow is anything waited for. */
export interface Output {
  write(part: string | Uint8Array): Promise<void>;
  /** Resolves when all of it was taken, as `Terminal.print` does. */
  end(): Promise<void>;
}

export function openOutput({ io, terminal, signal }: Pick<App, 'io' | 'terminal' | 'signal'>): Output {
  return {
    write: async (part) => {
      // A reader that has gone aborts the signal: no drain would come.
      if (!io.stdout.write(part)) await once(io.stdout, 'drain', { signal });
    },
    end: () => terminal.print(''),
  };
}

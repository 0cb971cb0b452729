import type { SandboxOptions } from '../interface.ts';
import type { KeptEnvironment } from '../state/create-state.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { seed } from '../state/seed.ts';
import { fillFromFile, keptWarnings } from './fill-from-file.ts';
import { type KeptState, keepState } from './keep-state.ts';
import { openStateFile } from './open-state-file.ts';

/** What outlives a sandbox: nothing, or what is in a state file. */
export interface Persistence {
  environment: (KeptEnvironment & { port?: number | undefined }) | undefined;
  /** Fills an empty state. */
  fill(state: SandboxState): void;
  /** From now on everything is kept. Returns what the user should know. @throws StateFileError */
  begin(state: SandboxState): string[];
  close(): void;
}

/** @throws StateFileError */
export async function openPersistence({
  state: file,
  warn = () => {},
}: SandboxOptions): Promise<Persistence> {
  if (file === undefined) return { environment: undefined, fill: seed, begin: () => [], close: () => {} };
  const { path, lock, kept } = await openStateFile(file);
  let setAside: ReturnType<typeof fillFromFile>;
  let keeping: KeptState | undefined;
  return {
    environment: kept?.environment,
    fill(state) {
      setAside = fillFromFile(state, kept);
    },
    begin(state) {
      keeping = keepState(state, path, setAside, warn);
      lock.holder = `the sandbox at ${state.origin}`;
      return keptWarnings(state, path, setAside);
    },
    close() {
      keeping?.close();
      lock.release();
    },
  };
}

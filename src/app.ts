import { cacheFolder } from './config/folders.ts';
import type { GlobalOptions } from './config/options.ts';
import { createSettings, type Settings } from './config/settings.ts';
import { endOf } from './end.ts';
import { createRedactor, type Redactor } from './redact.ts';
import type { Scalekit } from './scalekit/scalekit.ts';
import type { AttemptEvent } from './scalekit/trace.ts';
import type { Io } from './terminal/io.ts';
import { createTerminal, type Terminal } from './terminal/terminal.ts';

/** What a command gets. What can fail or cost time is a function, and is done when it is first called. */
export interface App {
  readonly io: Io;
  readonly options: GlobalOptions;
  readonly terminal: Terminal;
  readonly settings: Settings;
  readonly redactor: Redactor;
  /** Aborted by Ctrl-C, the total deadline and a closed stdout; its reason is what the invocation then ends with. */
  readonly signal: AbortSignal;
  /** Until the total deadline, in milliseconds; infinite without `--timeout`. */
  timeLeftMs(): number;
  /** The environment's API; one for the whole invocation. */
  scalekit(): Promise<Scalekit>;
  /** Ends what would keep the process waiting. */
  close(): Promise<void>;
}

export function createApp(io: Io, options: GlobalOptions, redactor: Redactor = createRedactor()): App {
  const terminal = createTerminal(io, options);
  const settings = createSettings(io, options);
  const { signal, timeLeftMs, release } = endOf(io, options);
  let scalekit: Promise<Scalekit> | undefined;

  const open = async (): Promise<Scalekit> => {
    const environment = await settings.environment();
    const [{ createScalekit }, tokenCache] = await Promise.all([
      import('./scalekit/scalekit.ts'),
      openTokenCache(io, settings),
    ]);
    const trace = options.verbose ? (event: AttemptEvent) => tell(terminal, redactor, event) : () => {};
    const deadlineMs = options.timeout === undefined ? undefined : options.timeout * 1000;
    return createScalekit({ environment, tokenCache, redactor, trace, signal, deadlineMs });
  };

  return {
    io,
    options,
    terminal,
    settings,
    redactor,
    signal,
    timeLeftMs,
    scalekit: () => (scalekit ??= open()),
    close: async () => {
      release();
      const opened = await scalekit?.catch(() => undefined);
      opened?.close();
    },
  };
}

async function openTokenCache(io: Io, settings: Settings) {
  if (!(await settings.usesTokenCache())) return undefined;
  const { createTokenCache } = await import('./scalekit/token-cache.ts');
  return createTokenCache(cacheFolder(io), await settings.environment());
}

function tell(terminal: Terminal, redactor: Redactor, event: AttemptEvent): void {
  const { protocol, call, attempt, phase, outcome = '', durationMs, headers = [] } = event;
  const repeat = attempt > 1 ? ` (attempt ${attempt})` : '';
  const line =
    phase === 'sent'
      ? `→ ${protocol} ${call}${repeat}`
      : `← ${protocol} ${call}${repeat}: ${outcome} (${Math.round(durationMs ?? 0)} ms)`;
  const lines = [line, ...headers.map(([name, value]) => `    ${name}: ${value}`)];
  terminal.error(redactor.apply(lines.join('\n')), terminal.errStyle.dim);
}

import type { ExchangePage } from '../interface/exchanges.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

/** What there is, or what there will be within so many seconds, of real time. */
export async function followExchanges(
  state: SandboxState,
  list: () => ExchangePage,
  waitSeconds: number,
  signal: AbortSignal,
): Promise<ExchangePage> {
  const found = list();
  if (found.exchanges.length > 0 || waitSeconds === 0) return found;
  const enough = AbortSignal.any([signal, state.closing, AbortSignal.timeout(waitSeconds * 1000)]);
  return new Promise((resolve) => {
    const look = (): void => {
      const page = list();
      if (page.exchanges.length === 0 && !enough.aborted) return;
      state.changes.off('exchange', look);
      enough.removeEventListener('abort', look);
      resolve(page);
    };
    state.changes.on('exchange', look);
    enough.addEventListener('abort', look);
    if (enough.aborted) look();
  });
}

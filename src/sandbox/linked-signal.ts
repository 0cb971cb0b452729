/** A signal that aborts with the first of others, until it is released. */
export interface LinkedSignal {
  signal: AbortSignal;
  release: () => void;
}

/**
 * What AbortSignal.any does, for those whose listeners stay: on Node 20 a signal that lives as long as the sandbox keeps each of
 * them for ever (https://github.com/nodejs/node/issues/54614).
 */
export function linkedSignal(signals: readonly AbortSignal[]): LinkedSignal {
  const linked = new AbortController();
  const listeners = signals.map((signal) => ({ signal, abort: () => linked.abort(signal.reason) }));
  for (const { signal, abort } of listeners) {
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  }
  return {
    signal: linked.signal,
    release() {
      for (const { signal, abort } of listeners) signal.removeEventListener('abort', abort);
    },
  };
}

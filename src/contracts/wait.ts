const LONG_MS = 2 ** 30;

/**
 * Waits for a module's code. Node ends, as if all were well, where nothing but a promise is waited for that nobody
 * settles; this waits on until `signal` ends it.
 */
export async function waitFor<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  const timer = setInterval(() => {}, LONG_MS);
  let abort = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      abort = () => reject(signal?.reason as Error);
      signal?.addEventListener('abort', abort);
      work.then(resolve, reject);
    });
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', abort);
  }
}

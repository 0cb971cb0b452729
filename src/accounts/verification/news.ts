/** What is heard of an authorization beside the state of its account. */
export interface News {
  /** Scalekit has taken the user for the one that was asked for. */
  isVerified: boolean;
  /** What it ended with. */
  failure: unknown;
  /** How often something was told. */
  count: number;
  tell(heard: Partial<Pick<News, 'isVerified' | 'failure'>>): void;
  /** Returns how to stop. */
  onTold(callback: () => void): () => void;
}

export function createNews(): News {
  const callbacks = new Set<() => void>();
  const news: News = {
    isVerified: false,
    failure: undefined,
    count: 0,
    tell(heard) {
      Object.assign(news, heard, { count: news.count + 1 });
      for (const callback of callbacks) callback();
    },
    onTold(callback) {
      callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
  };
  return news;
}

/** Resolves at the next news, after that time, or when the signal aborts. */
export function heard(news: News, atMostMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, atMostMs);
    const stop = news.onTold(end);
    signal.addEventListener('abort', end);
    if (signal.aborted || news.failure !== undefined) end();
  });
}

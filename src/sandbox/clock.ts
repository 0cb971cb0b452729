/** The sandbox's one time: links, tokens and accounts live by it, so that a script can make them expire. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Goes forward, never back: what has expired stays so. Frozen or not stays as it was. */
  advance(byMs: number): void;
  /** Stands still, at the time it has or at a later one. */
  freeze(at?: number): void;
  /** Runs on from where it stands. */
  resume(): void;
  isFrozen(): boolean;
  /** Of the real time. */
  aheadMs(): number;
  /** How far it is ahead of the real time; what a frozen one stands at. For snapshots. */
  reading(): ClockReading;
  set(reading: ClockReading): void;
}

export interface ClockReading {
  offsetMs: number;
  frozenAt: number | null;
}

/** 9999-12-31: the last day of Scalekit's timestamps (google.protobuf.Timestamp), and of ISO 8601 with four digits. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** In milliseconds since the epoch, as `now`; within what timestamps can say, whatever lifetime a provider gives. */
export function secondsAfter(now: number, seconds: number): number {
  return Math.min(Math.max(0, now + seconds * 1000), LAST_MS);
}

/** @param ms since the epoch */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** @param changed told whenever it was advanced, frozen or resumed */
export function createClock(real: () => number, changed: () => void = () => {}): Clock {
  let offsetMs = 0;
  let frozenAt: number | null = null;
  const now = () => frozenAt ?? real() + offsetMs;
  return {
    now,
    advance(byMs) {
      if (frozenAt === null) offsetMs += byMs;
      else frozenAt += byMs;
      changed();
    },
    freeze(at) {
      frozenAt = Math.max(now(), at ?? 0);
      changed();
    },
    resume() {
      if (frozenAt === null) return;
      offsetMs = frozenAt - real();
      frozenAt = null;
      changed();
    },
    isFrozen: () => frozenAt !== null,
    aheadMs: () => now() - real(),
    reading: () => ({ offsetMs, frozenAt }),
    set(reading) {
      ({ offsetMs, frozenAt } = reading);
    },
  };
}

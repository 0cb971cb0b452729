import type { App } from '../../app.ts';

/** What is shown of a download while it runs. */
export interface Progress {
  /** Bytes that are there by now. */
  bytes: () => number;
  /** Of the whole file; undefined where nobody says. */
  total: number | undefined;
}

const REDRAW_MS = 100;
/** The rate is that of the last seconds. */
const RATE_SAMPLES = 50;
/** What is over sooner needs none. */
const QUIET_MS = 400;

/** Shows bytes, rate and time left on a terminal until `stop` is called, which leaves nothing of it on the screen. */
export async function startProgress(app: App, { bytes, total }: Progress): Promise<() => void> {
  const { terminal, io } = app;
  if (!terminal.canAnimate) return () => {};
  const { startWaiting } = await import('../../terminal/spinner.ts');
  const waiting = await startWaiting(io, terminal);
  const samples: [atMs: number, bytes: number][] = [[performance.now(), bytes()]];
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    if (samples.push([now, bytes()]) > RATE_SAMPLES) samples.shift();
    const [thenMs, thenBytes] = samples[0] ?? [now, 0];
    const bytesPerSecond = ((bytes() - thenBytes) / Math.max(1, now - thenMs)) * 1000;
    if (now - startedAt > QUIET_MS) waiting.say(progressText(bytes(), total, bytesPerSecond));
  }, REDRAW_MS);
  return () => {
    clearInterval(timer);
    waiting.stop();
  };
}

export function progressText(bytes: number, total: number | undefined, bytesPerSecond: number): string {
  const rate = `${sizeText(bytesPerSecond)}/s`;
  if (total === undefined || total < bytes) return `${sizeText(bytes)}, ${rate}`;
  const percent = total === 0 ? 100 : Math.floor((bytes / total) * 100);
  const left = bytesPerSecond > 0 ? `, ${timeText((total - bytes) / bytesPerSecond)} left` : '';
  return `${sizeText(bytes)} of ${sizeText(total)} (${percent}%), ${rate}${left}`;
}

/** Three digits and a decimal unit. */
function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[power]}`;
}

function timeText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

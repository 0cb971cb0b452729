import { usageError } from '../../errors.ts';

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `250ms`, `90s`, `1h30m`, `3d` in milliseconds. Throws a usage error that begins with `what`. */
export function durationMs(text: string, what: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)];
  const whole = parts.map(([part]) => part).join('');
  if (parts.length === 0 || whole !== text) {
    throw usageError(`${what} ${text}: that is no duration`, 'Write 250ms, 90s, 2h, 3d or 1h30m.', {
      code: 'bad_duration',
    });
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ''] ?? 0), 0);
}

/** As `durationMs`, in seconds; a bare number is seconds. */
export function durationSeconds(text: string, what: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : durationMs(text, what) / 1000;
}

/** A duration as people say it: `0.4 s`, `30 s`, `12 min`, `2 h`. */
export function inWords(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Number((seconds / 3_600).toFixed(1))} h`;
}

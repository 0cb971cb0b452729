export const header = ['', 'measured', 'against', '', 'limit'];

/** One number against its limit; `hasToReach` where more is better. */
export function row(title, { measured, against, value, limit, unit, hasToReach = false }) {
  const shown = `${value.toFixed(unit === '×' ? 2 : 1)} ${unit}`;
  console.error(`${title}: ${shown}`);
  return {
    isMissed: hasToReach ? value < limit : value > limit,
    cells: [title, measured, against, shown, `${hasToReach ? '≥' : '≤'} ${limit} ${unit}`],
  };
}

/** Peak memory beyond that of the same program with next to nothing to do. */
export const memoryRow = (title, ours, idle, limit) =>
  row(`${title}: memory`, {
    measured: `${ours.memoryMiB.toFixed(0)} MiB`,
    against: `${idle.memoryMiB.toFixed(0)} MiB idle`,
    value: ours.memoryMiB - idle.memoryMiB,
    limit,
    unit: 'MiB',
  });

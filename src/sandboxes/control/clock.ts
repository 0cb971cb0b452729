import type { App } from '../../app.ts';
import { usageError } from '../../errors.ts';
import type { SandboxClock } from '../../sandbox/interface/control.ts';
import { openSandbox } from '../../sandbox-api.ts';
import { tabSeparated } from '../../terminal/table.ts';
import { durationSeconds } from './durations.ts';

export async function showClock(app: App): Promise<void> {
  const api = await openSandbox(app);
  await print(app, await api.call<SandboxClock>('GET', '/clock'));
}

export async function advanceClock(app: App, duration: string): Promise<void> {
  const seconds = durationSeconds(duration, 'advance');
  const api = await openSandbox(app);
  await print(app, await api.call<SandboxClock>('POST', '/clock/advance', { body: { seconds } }));
}

/** @param time ISO 8601; where it is now, if left out */
export async function freezeClock(app: App, time: string | undefined): Promise<void> {
  const at = time === undefined ? undefined : isoTime(time);
  const api = await openSandbox(app);
  await print(app, await api.call<SandboxClock>('POST', '/clock/freeze', { body: { at } }));
}

export async function resumeClock(app: App): Promise<void> {
  const api = await openSandbox(app);
  await print(app, await api.call<SandboxClock>('POST', '/clock/resume'));
}

/** A date alone is its first moment in UTC, as JavaScript has it. */
function isoTime(text: string): string {
  if (/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/.test(text)) {
    const date = new Date(text);
    if (!Number.isNaN(date.getTime())) return date.toISOString();
  }
  throw usageError(`${text} is no time`, 'Write 2027-01-31 or 2027-01-31T12:00:00Z.', { code: 'bad_time' });
}

async function print(app: App, clock: SandboxClock): Promise<void> {
  if (app.terminal.isJson) return app.terminal.printJson(clock);
  const { now, frozen, offsetSeconds } = clock;
  if (!app.terminal.isForPerson)
    return app.terminal.print(tabSeparated([now, frozen ? 'frozen' : 'running', String(offsetSeconds)]));
  const ahead = Math.round(offsetSeconds);
  const notes = [...(frozen ? ['frozen'] : []), ...(ahead === 0 ? [] : [`${described(ahead)} ahead`])];
  await app.terminal.print(`${now}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}\n`);
}

function described(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .slice(0, 2)
    .map(([number, unit]) => `${number} ${unit}`)
    .join(' ');
}

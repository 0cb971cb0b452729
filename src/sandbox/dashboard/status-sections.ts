import { html } from 'hono/html';
import type { Html } from '../html/document.ts';
import type { Fault } from '../interface/faults.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { section, table } from './table.ts';
import { duration, fullTime } from './times.ts';

export function summarySection({ origin, userVerification }: SandboxState): Html {
  return html`<dl>
<div><dt>Environment</dt><dd><code>${origin}</code></dd></div>
<div><dt>User verification</dt><dd>${userVerification}</dd></div>
</dl>`;
}

/** Only where it is not the real time. */
export function clockSection({ clock }: SandboxState): Html | undefined {
  const { offsetMs } = clock.reading();
  if (clock.isFrozen()) {
    const content = html`<p>It stands still at <strong>${fullTime(clock.now())}</strong>: nothing expires until it goes on.</p>`;
    return section('clock', 'The clock is set', content, { isNotice: true });
  }
  if (offsetMs === 0) return undefined;
  const distance = html`<strong>${duration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'ahead' : 'behind'}</strong>`;
  return section('clock', 'The clock is set', html`<p>It is ${distance} of the real time.</p>`, {
    isNotice: true,
  });
}

export function faultsSection({ faults }: SandboxState): Html | undefined {
  const set = faults.list();
  if (set.length === 0) return undefined;
  const columns = [
    { head: 'Fault', cell: ({ id }: Fault) => html`<code>${id}</code>` },
    { head: 'Strikes', cell: ({ match }: Fault) => pairs(match) || 'every call' },
    {
      head: 'Effect',
      cell: ({ effect }: Fault) => pairs({ ...effect, body: undefined, headers: undefined }),
    },
    { head: 'How often', cell: howOften },
    { head: 'Hits', cell: ({ hits }: Fault) => String(hits), isWhole: true },
  ];
  return section('faults', 'Faults', table('faults-title', columns, set), { isNotice: true });
}

function howOften({ times, probability, seed }: Fault): string {
  const often = probability === undefined ? 'always' : `${probability * 100}%, seed ${seed ?? 0}`;
  return times === undefined ? often : `${often}, ${times} times at most`;
}

function pairs(values: object): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

import { html } from 'hono/html';
import type { AccountStatus } from '../config/types.ts';
import type { Html } from '../html/document.ts';
import { type Account, currentStatus } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { summarize } from './latest-accounts.ts';
import { command, section, table } from './table.ts';
import { ago, until } from './times.ts';

const MOST = 50;

/** Never by its colour alone: the word stands there too. */
const LOOKS: Record<AccountStatus, string> = {
  ACTIVE: 'good',
  PENDING_AUTH: 'warn',
  PENDING_VERIFICATION: 'warn',
  EXPIRED: 'wrong',
  DISCONNECTED: 'wrong',
};

export function accountsSection(state: SandboxState): Html {
  const now = state.now();
  const { total, counts, latest } = summarize(state.accounts.all(), now, MOST);
  if (total === 0) {
    return section(
      'accounts',
      'Connected accounts',
      html`<p>There is none yet: <code>sk-connect authorize</code> makes one, and so do the <code>accounts</code> of <code>sandbox.yaml</code>.</p>`,
    );
  }
  const columns = [
    { head: 'Connection', cell: ({ connection }: Account) => connection.name },
    { head: 'Identifier', cell: ({ identifier }: Account) => html`<bdi>${identifier}</bdi>` },
    { head: 'State', cell: (account: Account) => statusHtml(currentStatus(account, now)), isWhole: true },
    { head: 'Token ends', cell: (account: Account) => tokenEnd(account, now) },
    { head: 'Changed', cell: ({ updatedAt }: Account) => ago(updatedAt, now) },
    {
      head: 'Last used',
      cell: ({ lastUsedAt }: Account) => (lastUsedAt === undefined ? '' : ago(lastUsedAt, now)),
    },
    { head: 'Id', cell: ({ id }: Account) => html`<code>${id}</code>`, isWhole: true },
  ];
  return section(
    'accounts',
    'Connected accounts',
    html`
<dl>${counts.map(([status, count]) => html`<div><dt>${statusHtml(status)}</dt><dd>${count}</dd></div>`)}</dl>
${
  total > MOST
    ? html`<p class="quiet">The ${MOST} with the latest activity of ${total}. To see all:</p>
${command(['sk-connect', 'sandbox', 'accounts', 'list'])}`
    : ''
}
${table('accounts-title', columns, latest)}`,
  );
}

function statusHtml(status: AccountStatus): Html {
  return html`<span class="${LOOKS[status] ?? 'state'}">${status}</span>`;
}

function tokenEnd({ credentials }: Account, now: number): Html | string {
  if (credentials.kind !== 'oauth' || credentials.expiresAt === undefined) return '';
  return html`${until(credentials.expiresAt, now)}${credentials.refreshToken === undefined ? '' : ', renewed'}`;
}

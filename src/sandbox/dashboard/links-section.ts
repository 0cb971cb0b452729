import { html } from 'hono/html';
import { linkUrl } from '../hosted-pages/link-url.ts';
import type { Html } from '../html/document.ts';
import type { Link } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { command, section, table } from './table.ts';
import { until } from './times.ts';

const MOST = 50;

export function linksSection(state: SandboxState): Html {
  const open = state.links.open();
  if (open.length === 0) return section('links', 'Pending links', nothing(state));
  const latest = open.slice(-MOST).toReversed();
  const now = state.now();
  const columns = [
    { head: 'Connection', cell: ({ account }: Link) => account.connection.name },
    { head: 'Identifier', cell: ({ account }: Link) => html`<bdi>${account.identifier}</bdi>` },
    { head: 'Expires', cell: ({ expiresAt }: Link) => until(expiresAt, now) },
    { head: 'Link', cell: (link: Link) => openLink(state, link) },
  ];
  const more = open.length > MOST ? html`<p class="quiet">The latest ${MOST} of ${open.length}.</p>` : '';
  return section(
    'links',
    'Pending links',
    html`<p class="quiet">Each waits for its user to open it and finish.</p>${more}
${table('links-title', columns, latest)}`,
  );
}

function openLink(state: SandboxState, link: Link): Html {
  const { account } = link;
  return html`<a id="${link.id}" href="${linkUrl(state.origin, link)}" target="_blank" rel="noopener noreferrer">Open<span
 class="unseen"> the link of ${account.identifier} on ${account.connection.name}, in a new tab</span></a>`;
}

function nothing({ connections }: SandboxState): Html {
  const [first] = connections.values();
  return html`<p>No link waits for anybody. To get one:</p>
${command(['sk-connect', 'authorize', '--sandbox', '-c', first?.name ?? 'CONNECTION', '-i', 'user_123'])}`;
}

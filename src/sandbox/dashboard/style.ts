import { BASE_STYLE } from '../html/style.ts';

/** Tables where there is room; on a phone each row is a block of its own, with its columns' names inside. */
export const DASHBOARD_STYLE = `${BASE_STYLE}
header, main, footer { max-width: 80rem; margin: 0 auto }
header p { margin: .5rem 0; color: var(--quiet); font-size: .875rem; font-weight: 600 }
footer { margin: 1.5rem auto; color: var(--quiet); font-size: .875rem }
section { margin-top: 1rem; padding: 1rem; background: var(--card); border: 1px solid transparent; border-radius: .75rem }
section.notice { border: 2px solid var(--warn) }
section > :last-child { margin-bottom: 0 }
h2 { margin: 0 0 .5rem; font-size: 1.125rem }
p { margin: .5rem 0 }
dl { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0 0 .5rem }
dl div { display: flex; flex-wrap: wrap; gap: 0 .5rem }
dt { color: var(--quiet) }
dd { margin: 0 }
pre { margin: .5rem 0; padding: .625rem .75rem; border: 1px solid var(--rule); border-radius: .375rem; white-space: pre-wrap; font: .875rem/1.5 ui-monospace, monospace }
table { width: 100%; border-collapse: collapse; font-size: .875rem }
th, td { padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top }
th { color: var(--quiet); font-weight: 600; white-space: nowrap }
tbody tr:last-child td { border-bottom: 0 }
td.whole { white-space: nowrap; font-variant-numeric: tabular-nums }
.good { color: var(--good) } .warn { color: var(--warn) } .wrong { color: var(--wrong) }
.good, .warn, .wrong, .state { font-weight: 600 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (min-width: 64rem) { td.wide { min-width: 20rem } }
@media (max-width: 48rem) {
  table, tbody, tr, td { display: block }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  tbody tr { padding: .5rem 0; border-bottom: 1px solid var(--rule) }
  tbody tr:last-child { border-bottom: 0 }
  td, td.whole { display: flex; gap: .75rem; padding: .125rem 0; border: 0; white-space: normal }
  td::before { flex: 0 0 6.5rem; color: var(--quiet); content: attr(data-label); content: attr(data-label) / "" }
  td.none { display: none }
}
`;

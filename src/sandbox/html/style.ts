/**
 * The look that all pages share, light and dark. Text has a contrast of 4.5:1 at least against what it stands on, borders of what can be
 * used 3:1. Where colours are forced, transparent borders become visible ones.
 */
export const BASE_STYLE = `
:root { color-scheme: light dark; --text: #1c1e21; --quiet: #565c64; --page: #f4f5f7; --card: #fff; --line: #868c94; --rule: #d9dce1;
  --accent: #1d5fd1; --on-accent: #fff; --good: #146c2e; --warn: #7a5200; --wrong: #b3261e; --wrong-back: #fdecea }
@media (prefers-color-scheme: dark) { :root { --text: #e8eaed; --quiet: #a9b0b8; --page: #15171a; --card: #202327; --line: #7d848c;
  --rule: #3a3f45; --accent: #8ab4f8; --on-accent: #0b1a33; --good: #81c995; --warn: #fdd663; --wrong: #f5b5ae; --wrong-back: #3b1f1d } }
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { margin: 0; padding: 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.25 }
h1:focus { outline: 0 }
code { font: .9em ui-monospace, monospace }
a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.quiet { color: var(--quiet) }
`;

/** One narrow column: something to read, or a form to fill in. */
export const CARD_STYLE = `${BASE_STYLE}
header, main, footer { max-width: 28rem; margin: 0 auto }
header p { margin: .5rem 0; color: var(--quiet); font-size: .875rem; font-weight: 600 }
main { padding: 1.5rem; background: var(--card); border: 1px solid transparent; border-radius: .75rem }
main > :last-child, form > :last-child { margin-bottom: 0 }
footer { margin-top: 1rem; color: var(--quiet); font-size: .875rem }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem .75rem; margin: 1rem 0 }
dt { color: var(--quiet) }
dd { margin: 0 }
@media (max-width: 24rem) { dl { grid-template-columns: 1fr } dd + dt { margin-top: .25rem } }
ul { margin: .5rem 0; padding-left: 1.25rem }
label { display: block; margin-top: 1.25rem; font-weight: 600 }
.hint { margin: .125rem 0 0; color: var(--quiet); font-size: .875rem }
.problem { margin: .125rem 0 0; color: var(--wrong); font-size: .875rem; font-weight: 600 }
input, select { display: block; width: 100%; min-height: 2.75rem; margin-top: .25rem; padding: .5rem .625rem; border: 1px solid var(--line); border-radius: .375rem;
  background: var(--card); color: inherit; font: inherit }
[aria-invalid=true] { border: 2px solid var(--wrong) }
button { width: 100%; min-height: 2.75rem; margin-top: 1.5rem; padding: .625rem 1rem; border: 1px solid transparent; border-radius: .375rem;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer }
button + button { margin-top: .75rem }
button.second { border-color: var(--line); background: transparent; color: inherit }
.summary { margin: 0 0 1rem; padding: .75rem 1rem; border: 2px solid var(--wrong); border-radius: .375rem; background: var(--wrong-back) }
.summary h2 { margin: 0; font-size: 1rem }
.summary ul { margin-bottom: 0 }
.summary a { color: inherit }
blockquote { margin: 1rem 0; padding: .25rem 0 .25rem 1rem; border-left: 4px solid var(--line) }
blockquote p { margin: .25rem 0 }
`;

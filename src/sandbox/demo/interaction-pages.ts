import { html } from 'hono/html';
import type { Html } from '../html/document.ts';
import { page } from './page.ts';

const scopeMeanings = new Map([
  ['openid', 'Know your user name'],
  ['offline_access', 'Stay connected while you are away'],
  ['notes:read', 'Read your notes'],
  ['notes:write', 'Create and delete your notes'],
]);

/** Asks for a user name only: the demo's users have no password. */
export function signInPage(uid: string, problem?: string): Html {
  return page(
    'Sign in',
    html`<form method="post" action="/interaction/${uid}/login">
<label for="username">User name</label>
<p class="hint" id="hint">Any name will do; there is no password.</p>
${problem === undefined ? '' : html`<p class="problem" id="problem" role="alert">${problem}</p>`}
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="64" autofocus
${problem === undefined ? html`aria-describedby="hint"` : html`aria-invalid="true" aria-describedby="problem hint"`}>
<button type="submit">Sign in</button>
</form>`,
    { hasProblem: problem !== undefined },
  );
}

/** Lists what is asked for and lets the user allow or deny all of it. */
export function consentPage(
  consent: { uid: string; userName: string; scopes: string[]; app: string },
  problem?: string,
): Html {
  const items = consent.scopes.map(
    (scope) => html`<li>${scopeMeanings.get(scope) ?? 'Use this permission'} <code>${scope}</code></li>\n`,
  );
  return page(
    `Allow ${consent.app} to use your notes?`,
    html`${problem === undefined ? '' : html`<p class="problem" role="alert" tabindex="-1" autofocus>${problem}</p>`}
<p>You are signed in as <strong><bdi>${consent.userName}</bdi></strong>. ${consent.app} wants to:</p>
<ul>
${items}</ul>
<form method="post" action="/interaction/${consent.uid}/consent">
<button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny" class="second">Deny</button>
</form>`,
    { hasProblem: problem !== undefined },
  );
}

/** Says what went wrong; `code` is OAuth's word for it. */
export function errorPage(code: string, description: string): Html {
  return page('This did not work', html`<p>${description}</p><p class="quiet"><code>${code}</code></p>`);
}

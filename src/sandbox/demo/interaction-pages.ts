import { html } from 'hono/html';
import { type Html, page } from './page.ts';

const scopeMeanings = new Map([
  ['openid', 'Know your user name'],
  ['offline_access', 'Stay connected while you are away'],
  ['notes:read', 'Read your notes'],
  ['notes:write', 'Create and delete your notes'],
]);

/** Asks for a user name only: the demo's users have no password. */
export function signInPage(uid: string, error?: string): Html {
  return page(
    'Sign in',
    html`<form method="post" action="/interaction/${uid}/login">
<label for="username">User name</label>
${error === undefined ? '' : html`<p class="error" id="error" role="alert">${error}</p>`}
<input id="username" name="username" autocomplete="username" required maxlength="64" autofocus
${error === undefined ? '' : html`aria-invalid="true" aria-describedby="error"`}>
<button type="submit">Sign in</button>
</form>
<p class="note">This is a demo on your own machine. Any name will do; there is no password.</p>`,
  );
}

/** Lists what is asked for and lets the user allow or deny all of it. */
export function consentPage(consent: { uid: string; userName: string; scopes: string[]; app: string }): Html {
  const items = consent.scopes.map(
    (scope) => html`<li>${scopeMeanings.get(scope) ?? 'Use this permission'} <code>${scope}</code></li>\n`,
  );
  return page(
    `Allow ${consent.app} to use your notes?`,
    html`<p>You are signed in as <strong>${consent.userName}</strong>. ${consent.app} wants to:</p>
<ul>
${items}</ul>
<form method="post" action="/interaction/${consent.uid}/consent">
<button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny" class="quiet">Deny</button>
</form>`,
  );
}

/** Says what went wrong; `code` is OAuth's word for it. */
export function errorPage(code: string, description: string): Html {
  return page('This did not work', html`<p>${description}</p><p class="note"><code>${code}</code></p>`);
}

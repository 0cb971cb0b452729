import type { Context } from 'hono';
import { html } from 'hono/html';
import type { CredentialField } from '../config/types.ts';
import { credentialFields } from '../state/credential-fields.ts';
import type { Link } from '../state/links.ts';
import { type Html, page } from './page.ts';

interface FormProblem {
  /** Names of the fields that were left empty. */
  missing: readonly string[];
  values: ReadonlyMap<string, string>;
}

/** The form that collects a connector's fields; with a problem, the form again with what was entered, passwords excepted. */
export function formPage(context: Context, link: Link, problem?: FormProblem): Response | Promise<Response> {
  const { connection, identifier } = link.account;
  const { pattern, connector } = connection;
  const title = `Connect ${connector.definition.display_name}`;
  const content = html`
<p>${pattern.description ?? `Enter the credentials for ${connector.definition.display_name}.`}</p>
<p class="quiet">Connection <strong>${connection.name}</strong>, for <strong>${identifier}</strong></p>
${problem ? html`<p class="wrong" role="alert">Please fill in every required field.</p>` : ''}
<form method="post" autocomplete="off">
<input type="hidden" name="__form_token" value="${link.formToken}">
${credentialFields(pattern).map((field, index) => inputOf(field, `field-${index}`, problem))}
<button type="submit">${pattern.type === 'OAUTH' ? 'Continue' : 'Connect'}</button>
</form>`;
  const leadsAway = pattern.type === 'OAUTH';
  return page(context, title, content, problem ? 400 : 200, { leadsAway });
}

/** A `select` is shown as text: the payload has no place for its options. */
function inputOf(field: CredentialField, id: string, problem: FormProblem | undefined): Html {
  const isPassword = field.input_type === 'password';
  const missing = problem?.missing.includes(field.field_name) ?? false;
  const hintId = field.hint ? `${id}-hint` : undefined;
  const value = isPassword ? '' : (problem?.values.get(field.field_name) ?? '');
  return html`<label for="${id}">${field.label || field.field_name}${field.required ? '' : html` <span class="quiet">(optional)</span>`}</label>
<input id="${id}" name="${field.field_name}" type="${isPassword ? 'password' : 'text'}" value="${value}" autocomplete="off" spellcheck="false"${field.required ? html` required` : ''}${missing ? html` aria-invalid="true"` : ''}${hintId ? html` aria-describedby="${hintId}"` : ''}>
${hintId ? html`<p class="hint" id="${hintId}">${field.hint}</p>` : ''}`;
}

import type { Context } from 'hono';
import { html } from 'hono/html';
import type { CredentialField } from '../config/types.ts';
import type { Html } from '../html/document.ts';
import { requestedScopes } from '../oauth/client.ts';
import type { Connection } from '../state/connections.ts';
import { credentialFields, isNeeded } from '../state/credential-fields.ts';
import type { Link } from '../state/links.ts';
import { consentHost, labelOf, upstreamHost } from './destination.ts';
import { type FieldView, fieldHtml, summaryHtml } from './fields.ts';
import { page } from './page.ts';

interface FormProblem {
  /** Names of the fields that were left empty. */
  missing: readonly string[];
  /** By the name of the field: what is wrong with what was entered. */
  invalid?: ReadonlyMap<string, string>;
  values: ReadonlyMap<string, string>;
}

/** The form that collects a connector's fields; with a problem, the form again with what was entered, passwords excepted. */
export function formPage(context: Context, link: Link, problem?: FormProblem): Promise<Response> {
  const { connection, identifier } = link.account;
  const { pattern, connector } = connection;
  const name = connector.definition.display_name;
  const leadsAway = pattern.type === 'OAUTH';
  const fields = credentialFields(pattern).map((field, index) =>
    fieldView(connection, field, index, problem),
  );
  const content = html`
${problem ? summaryHtml(fields) : ''}
${introduction(connection)}
<dl>
<dt>Connection</dt><dd>${connection.name}</dd>
<dt>For</dt><dd><bdi>${identifier}</bdi></dd>
</dl>
<form method="post" autocomplete="off">
<input type="hidden" name="__form_token" value="${link.formToken}">
${fields.map(fieldHtml)}
<button type="submit">${leadsAway ? `Continue to ${name}` : 'Connect'}</button>
</form>`;
  return page(context, `Connect ${name}`, content, {
    status: problem ? 400 : 200,
    leadsAway,
    hasProblem: problem !== undefined,
  });
}

/** What happens with what is entered, and where it leads. */
function introduction(connection: Connection): Html {
  const { pattern, connector } = connection;
  const name = connector.definition.display_name;
  const described = pattern.description ? html`<p>${pattern.description}</p>` : '';
  if (pattern.type === 'OAUTH') return html`${described}${handOver(connection)}`;
  if (credentialFields(pattern).length === 0) {
    return html`${described}<p>${name} needs no credentials: there is nothing to enter.</p>`;
  }
  return html`${described}<p>What you enter stays in this sandbox and goes to <strong>${upstreamHost(connection)}</strong> with each call.</p>`;
}

function handOver(connection: Connection): Html {
  const { pattern, connector } = connection;
  const name = connector.definition.display_name;
  const host = consentHost(connection);
  const known = new Map(pattern.oauth_config?.available_scopes?.map((scope) => [scope.scope, scope]));
  const scopes = requestedScopes(connection).map((scope) => {
    const meaning = known.get(scope)?.description || known.get(scope)?.display_name;
    return html`<li>${meaning ? html`${meaning} ` : ''}<code>${scope}</code></li>
`;
  });
  return html`<p>You go on to ${host ? html`<strong>${host}</strong>` : `the sign-in page of ${name}`} to sign in${scopes.length > 0 ? ', and are asked to allow:' : '.'}</p>
${scopes.length > 0 ? html`<ul>${scopes}</ul>` : ''}`;
}

function fieldView(
  { pattern }: Connection,
  field: CredentialField,
  index: number,
  problem: FormProblem | undefined,
): FieldView {
  const { field_name: name } = field;
  const label = labelOf(field);
  const missing = problem?.missing.includes(name) ?? false;
  return {
    field,
    id: `field-${index}`,
    label,
    isRequired: isNeeded(pattern, field),
    value: field.input_type === 'password' ? '' : (problem?.values.get(name) ?? ''),
    problem: missing ? `${label} is required.` : problem?.invalid?.get(name),
  };
}

import { html } from 'hono/html';
import type { CredentialField } from '../config/types.ts';
import type { Html } from '../html/document.ts';

export interface FieldView {
  field: CredentialField;
  id: string;
  label: string;
  isRequired: boolean;
  /** What stands in it; never a password. */
  value: string;
  problem: string | undefined;
}

export function fieldHtml(view: FieldView): Html {
  const { field, id, label, isRequired, problem } = view;
  const notes = [...(field.hint ? [`${id}-hint`] : []), ...(problem ? [`${id}-problem`] : [])];
  const attributes = html`id="${id}" name="${field.field_name}"${isRequired ? html` required` : ''}${
    problem ? html` aria-invalid="true"` : ''
  }${notes.length > 0 ? html` aria-describedby="${notes.join(' ')}"` : ''}`;
  return html`<label for="${id}">${label}${isRequired ? '' : html` <span class="quiet">(optional)</span>`}</label>
${field.hint ? html`<p class="hint" id="${id}-hint">${field.hint}</p>` : ''}
${problem ? html`<p class="problem" id="${id}-problem">${problem}</p>` : ''}
${inputHtml(view, attributes)}
`;
}

function inputHtml({ field, value }: FieldView, attributes: Html): Html {
  const options = selectOptions(field);
  if (options.length === 0) {
    const type = field.input_type === 'password' ? 'password' : 'text';
    return html`<input ${attributes} type="${type}" value="${value}" autocomplete="off" autocapitalize="none" spellcheck="false">`;
  }
  return html`<select ${attributes} autocomplete="off"><option value="">Choose…</option>${options.map(
    (option) =>
      html`<option value="${option.value}"${option.value === value ? html` selected` : ''}>${option.label}</option>`,
  )}</select>`;
}

/**
 * What a `select` offers. Scalekit's documentation names the input type and no place for its options: they are taken from `options`, as
 * values or as `{value, label}`; a select without any is a text field.
 */
export function selectOptions(
  field: CredentialField & { options?: unknown },
): { value: string; label: string }[] {
  if (field.input_type !== 'select' || !Array.isArray(field.options)) return [];
  return field.options.flatMap((option: unknown) => {
    if (typeof option === 'string') return [{ value: option, label: option }];
    const { value, label } = (option ?? {}) as { value?: unknown; label?: unknown };
    if (typeof value !== 'string') return [];
    return [{ value, label: typeof label === 'string' ? label : value }];
  });
}

/** Where the browser's focus begins after a problem: what is wrong, each with the way to its field. */
export function summaryHtml(fields: readonly FieldView[]): Html {
  const wrong = fields.filter(({ problem }) => problem !== undefined);
  return html`<div class="summary" role="alert" aria-labelledby="summary" tabindex="-1" autofocus>
<h2 id="summary">There is a problem</h2>
<ul>${wrong.map(({ id, problem }) => html`<li><a href="#${id}">${problem}</a></li>`)}</ul>
</div>`;
}

import { placeholdersOf, resolveUrl } from '../proxy/placeholders.ts';
import { Refusal } from '../refusal.ts';
import type { Connection } from '../state/connections.ts';
import { credentialFields, shapeDetails } from '../state/credential-fields.ts';
import { labelOf } from './destination.ts';
import { selectOptions } from './fields.ts';

/** What is wrong with values that were entered, by the name of their field: better said here than at the first call. */
export function invalidValues(
  { connector, pattern }: Connection,
  values: ReadonlyMap<string, string>,
): Map<string, string> {
  const { authorize_uri = '', token_uri = '' } = pattern.oauth_config ?? {};
  const urls = [connector.definition.proxy_url, authorize_uri, token_uri];
  const invalid = new Map<string, string>();
  for (const field of credentialFields(pattern)) {
    const value = values.get(field.field_name);
    if (value === undefined) continue;
    const options = selectOptions(field);
    if (options.length > 0 && !options.some((option) => option.value === value)) {
      invalid.set(field.field_name, `${labelOf(field)}: choose one of the list.`);
    }
    const used = urls.filter((url) => placeholdersOf(url).includes(field.field_name));
    if (!used.every((url) => fits(url, field.field_name, value))) {
      invalid.set(
        field.field_name,
        `${labelOf(field)} has to fit into an address, as api.example.com or v2 do.`,
      );
    }
  }
  return invalid;

  /** With something harmless in the place of every other field. */
  function fits(url: string, name: string, value: string): boolean {
    const all = new Map([
      ...credentialFields(pattern).map((field) => [field.field_name, 'localhost'] as const),
      [name, value],
    ]);
    const details = shapeDetails(pattern, all);
    try {
      resolveUrl(url, { credentials: { kind: 'static', details }, apiConfig: details });
      return true;
    } catch (error) {
      return !(error instanceof Refusal) || error.errorCode === 'MISSING_PATH_VARIABLE';
    }
  }
}

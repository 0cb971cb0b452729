import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { AuthPattern, AuthType, CredentialField } from '../config/types.ts';

/** What each auth type cannot do without, whether or not the definition declares it. */
const CORE_FIELDS: Record<AuthType, CredentialField[]> = {
  OAUTH: [],
  BEARER: [{ field_name: 'token', label: 'Token', input_type: 'password', required: true }],
  API_KEY: [{ field_name: 'api_key', label: 'API key', input_type: 'password', required: true }],
  BASIC: [
    { field_name: 'username', label: 'Username', input_type: 'text', required: true },
    { field_name: 'password', label: 'Password', input_type: 'password' },
  ],
  NO_AUTH: [],
};

/** The fields that a user fills in: of a static connector all of them, of an OAuth connector `account_fields`. */
export function credentialFields(pattern: AuthPattern): CredentialField[] {
  if (pattern.type === 'OAUTH') return pattern.account_fields ?? [];
  const declared = [...(pattern.fields ?? []), ...(pattern.account_fields ?? [])];
  const names = new Set(declared.map((field) => field.field_name));
  const core = CORE_FIELDS[pattern.type].filter((field) => !names.has(field.field_name));
  // One that declares its own takes what it declares: an API key as the user name, say, and no password.
  const declaresOwn = core.length < CORE_FIELDS[pattern.type].length;
  return [...core.filter((field) => field.required || !declaresOwn), ...declared];
}

/** Flat values by field name to the shape they are stored in: path parameters under `path_variables`. */
export function shapeDetails(pattern: AuthPattern, values: ReadonlyMap<string, string>): JsonObject {
  const pathParameters = new Set(
    credentialFields(pattern)
      .filter((field) => field.is_path_param)
      .map((field) => field.field_name),
  );
  const details: JsonObject = {};
  const pathVariables: JsonObject = {};
  for (const [name, value] of values) (pathParameters.has(name) ? pathVariables : details)[name] = value;
  return Object.keys(pathVariables).length > 0 ? { ...details, path_variables: pathVariables } : details;
}

/** Names of required fields without a value; a mutation's `default` counts as one. */
export function missingFields(pattern: AuthPattern, details: JsonObject): string[] {
  const pathVariables = objectAt(details, 'path_variables');
  return credentialFields(pattern)
    .filter((field) => isNeeded(pattern, field))
    .filter((field) => textAt(field.is_path_param ? pathVariables : details, field.field_name) === '')
    .map((field) => field.field_name);
}

/** Whether the account cannot do without a value of the user's. */
export function isNeeded(pattern: AuthPattern, field: CredentialField): boolean {
  return field.required === true && defaultOf(pattern, field.field_name) === '';
}

function defaultOf(pattern: AuthPattern, field: string): string {
  return new Map(Object.entries(pattern.auth_field_mutations ?? {})).get(field)?.default ?? '';
}

/** What was sent into what is there; path variables one by one. */
export function mergeDetails(present: JsonObject, sent: JsonObject): JsonObject {
  const pathVariables = { ...objectAt(present, 'path_variables'), ...objectAt(sent, 'path_variables') };
  const merged = { ...present, ...sent };
  return Object.keys(pathVariables).length > 0 ? { ...merged, path_variables: pathVariables } : merged;
}

export function textAt(object: JsonObject, name: string): string {
  const value: JsonValue | undefined = Object.hasOwn(object, name) ? object[name] : undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

export function objectAt(object: JsonObject, name: string): JsonObject {
  const value: JsonValue | undefined = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

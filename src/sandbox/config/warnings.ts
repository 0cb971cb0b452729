import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { placeholdersOf } from '../proxy/placeholders.ts';
import { below, type Finding, type PathKey } from './problems.ts';

/** What of a config is taken, but will hardly do what it is meant to. Asked of any shape. */
export function configWarnings(config: unknown): Finding[] {
  return objectsAt(config, 'connectors').flatMap(([index, connector]) =>
    below(['connectors', index], connectorWarnings(connector)),
  );
}

/** The same of a connector definition alone. */
export function connectorWarnings(definition: unknown): Finding[] {
  if (!isJsonObject(definition)) return [];
  const patterns = objectsAt(definition, 'auth_patterns');
  const isMcp = patterns.some(([, pattern]) => pattern['is_mcp'] === true);
  return [
    ...unknownKeys(definition, CONNECTOR_KEYS),
    ...(isMcp || definition['proxy_enabled'] === true ? [] : [warning(['proxy_enabled'], PROXY_OFF)]),
    ...patterns.flatMap(([index, pattern]) =>
      below(['auth_patterns', index], patternWarnings(definition, pattern)),
    ),
  ];
}

const PROXY_OFF = 'is not true: every proxied call is refused with "proxy not enabled for provider"';

/** Scalekit's payload, the sandbox's own `tools`, and what Scalekit adds in its answers. */
const CONNECTOR_KEYS = words(
  'display_name description proxy_url proxy_enabled icon_src metadata auth_patterns tools',
  'id identifier categories display_priority coming_soon is_custom is_custom_mcp',
);
const PATTERN_KEYS = words(
  'type display_name description fields account_fields oauth_config is_mcp',
  'auth_header_key_override auth_field_mutations',
);
/** The last three for a `select`, whose shape Scalekit's documentation does not show. */
const FIELD_KEYS = words(
  'field_name label hint input_type required is_path_param',
  'options default placeholder',
);
const OAUTH_KEYS = words(
  'authorize_uri token_uri user_info_uri available_scopes pkce_enabled',
  'custom_scope_name allow_use_scalekit_credentials',
);

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

function patternWarnings(definition: JsonObject, pattern: JsonObject): Finding[] {
  const oauth = isJsonObject(pattern['oauth_config']) ? pattern['oauth_config'] : {};
  const urls = [definition['proxy_url'], oauth['authorize_uri'], oauth['token_uri'], oauth['user_info_uri']];
  const named = new Set(urls.flatMap((url) => (typeof url === 'string' ? placeholdersOf(url) : [])));
  const fields = (['fields', 'account_fields'] as const).flatMap((list) =>
    objectsAt(pattern, list).flatMap(([index, field]) => below([list, index], fieldWarnings(field, named))),
  );
  return [
    ...unknownKeys(pattern, PATTERN_KEYS),
    ...below(['oauth_config'], unknownKeys(oauth, OAUTH_KEYS)),
    ...headerWarnings(pattern),
    ...coreFieldWarnings(pattern),
    ...fields,
  ];
}

/** What these send is the same whatever the override says. */
const SAME_HEADER = new Set(['BASIC', 'NO_AUTH']);

function headerWarnings(pattern: JsonObject): Finding[] {
  const type = typeOf(pattern);
  const { auth_header_key_override: header = '' } = pattern;
  if (header === '' || !SAME_HEADER.has(type)) return [];
  return [warning(['auth_header_key_override'], `is not used with ${type}`)];
}

function typeOf({ type }: JsonObject): string {
  return typeof type === 'string' ? type : '';
}

const CORE_FIELDS = new Map([
  ['BEARER', 'token'],
  ['API_KEY', 'api_key'],
  ['BASIC', 'username'],
]);

function coreFieldWarnings(pattern: JsonObject): Finding[] {
  const type = typeOf(pattern);
  const name = CORE_FIELDS.get(type);
  const fields = [...objectsAt(pattern, 'fields'), ...objectsAt(pattern, 'account_fields')];
  if (name === undefined || fields.some(([, field]) => field['field_name'] === name)) return [];
  return [warning(['fields'], `no field asks for the ${name} that ${type} sends`)];
}

const SECRET_FIELDS = new Set(['token', 'api_key', 'password']);

function fieldWarnings(field: JsonObject, named: ReadonlySet<string>): Finding[] {
  const { field_name: name, input_type: inputType, is_path_param: isPathParameter } = field;
  const findings = unknownKeys(field, FIELD_KEYS);
  if (typeof name !== 'string') return findings;
  if (SECRET_FIELDS.has(name) && inputType !== 'password') {
    findings.push(warning(['input_type'], `is not password: whoever looks on reads the ${name}`));
  }
  if (isPathParameter !== true) return findings;
  if (!named.has(name)) findings.push(warning(['is_path_param'], `no URL has a place for {{${name}}}`));
  else if (name === 'domain' || name === 'version') {
    findings.push(
      warning(['is_path_param'], `is for other names: {{${name}}} is taken from beside the credentials`),
    );
  }
  return findings;
}

function unknownKeys(object: JsonObject, known: ReadonlySet<string>): Finding[] {
  const keys = Object.keys(object).filter((key) => !known.has(key));
  return keys.map((key) => warning([key], 'is not known here and passed over'));
}

function warning(path: PathKey[], message: string): Finding {
  return { path, message };
}

function objectsAt(value: unknown, key: string): [index: number, object: JsonObject][] {
  const list = isJsonObject(value) ? value[key] : undefined;
  if (!Array.isArray(list)) return [];
  return [...list.entries()].filter((entry): entry is [number, JsonObject] => isJsonObject(entry[1]));
}

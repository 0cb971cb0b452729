import { placeholdersOf } from '../proxy/placeholders.ts';
import { checkOAuth } from './check-oauth.ts';
import { below, type Finding } from './problems.ts';
import type { AuthPattern, AuthType, CredentialField } from './types.ts';

type Mutated = keyof NonNullable<AuthPattern['auth_field_mutations']>;

/** The credentials that each auth type sends, and that can therefore be changed on the way. */
const MUTATED: Record<AuthType, readonly Mutated[]> = {
  OAUTH: ['token'],
  BEARER: ['token'],
  API_KEY: ['api_key'],
  BASIC: ['username', 'password'],
  NO_AUTH: [],
};

/** These two stand beside the credentials; every other placeholder is a named path parameter. */
const KNOWN_PLACEHOLDERS = new Set(['domain', 'version']);

type PartialField = Partial<CredentialField>;

/** What is left of a pattern without what has the wrong shape. */
export type PartialPattern = Partial<Omit<AuthPattern, 'fields' | 'account_fields'>> & {
  fields?: PartialField[];
  account_fields?: PartialField[];
};

/** What is wrong with one auth pattern of a connector; most of it depends on the pattern's type. */
export function checkPattern(proxyUrl: string, pattern: PartialPattern): Finding[] {
  const { type } = pattern;
  if (type === undefined) return checkFieldsOnce(pattern);
  return checkTyped(proxyUrl, { ...pattern, type });
}

type Typed = PartialPattern & Pick<AuthPattern, 'type'>;

function checkTyped(proxyUrl: string, pattern: Typed): Finding[] {
  return [
    ...checkCollected(pattern),
    ...checkFieldsOnce(pattern),
    ...checkPlaceholders(proxyUrl, pattern),
    ...checkMutations(pattern),
    ...below(['oauth_config'], checkOAuth(pattern)),
  ];
}

/** `fields` are collected by the form of a static connector, `account_fields` before an OAuth consent. */
function checkCollected({ type, fields = [], account_fields: accountFields = [] }: Typed): Finding[] {
  if (type === 'OAUTH' && fields.length > 0) {
    return [
      { path: ['fields'], message: 'must be empty for OAUTH: what a user enters is in account_fields' },
    ];
  }
  if (type !== 'NO_AUTH') return [];
  const message = 'must be empty for NO_AUTH, which asks nobody for anything';
  return [
    ...(fields.length > 0 ? [{ path: ['fields'], message }] : []),
    ...(accountFields.length > 0 ? [{ path: ['account_fields'], message }] : []),
  ];
}

function checkFieldsOnce({ fields = [], account_fields: accountFields = [] }: PartialPattern): Finding[] {
  const seen = new Set<string>();
  const repeated =
    (list: 'fields' | 'account_fields') =>
    ({ field_name: name }: PartialField, index: number) => {
      if (name === undefined) return [];
      if (!seen.has(name)) {
        seen.add(name);
        return [];
      }
      return [{ path: [list, index, 'field_name'], message: `${name} is declared twice` }];
    };
  return [...fields.flatMap(repeated('fields')), ...accountFields.flatMap(repeated('account_fields'))];
}

/** Every placeholder of the pattern's URLs needs a field that gives its value, marked where it is a named one. */
function checkPlaceholders(proxyUrl: string, pattern: Typed): Finding[] {
  const { oauth_config: oauth = {}, fields = [], account_fields: accountFields = [] } = pattern;
  const urls = [proxyUrl, oauth.authorize_uri, oauth.token_uri, oauth.user_info_uri];
  const list = pattern.type === 'OAUTH' ? 'account_fields' : 'fields';
  const collected = pattern.type === 'OAUTH' ? accountFields : [...fields, ...accountFields];
  return [...new Set(urls.flatMap((url) => placeholdersOf(url ?? '')))].flatMap((name): Finding[] => {
    const field = collected.find(({ field_name }) => field_name === name);
    if (!field) return [{ path: [list], message: `no field gives a value for {{${name}}}` }];
    if (field.is_path_param === true || KNOWN_PLACEHOLDERS.has(name)) return [];
    const holder = fields.includes(field) ? 'fields' : 'account_fields';
    const path = [holder, (pattern[holder] ?? []).indexOf(field), 'is_path_param'];
    return [{ path, message: `must be true, for {{${name}}} is a named path parameter` }];
  });
}

function checkMutations({ type, auth_field_mutations: mutations = {} }: Typed): Finding[] {
  const mutated = MUTATED[type];
  return Object.entries(mutations).flatMap(([name, mutation]): Finding[] => {
    const path = ['auth_field_mutations', name];
    if (!mutated.some((known) => known === name)) {
      const instead = mutated.length > 0 ? `, which sends ${mutated.join(' and ')}` : '';
      return [{ path, message: `does not go with ${type}${instead}` }];
    }
    // Base64 carries everything; a header does not.
    if (type === 'BASIC') return [];
    return Object.entries(mutation).flatMap(([part, text]) =>
      HEADER_TEXT.test(text) ? [] : [{ path: [...path, part], message: 'holds what no header can carry' }],
    );
  });
}

const HEADER_TEXT = /^[\t\x20-\x7e\x80-\xff]*$/;

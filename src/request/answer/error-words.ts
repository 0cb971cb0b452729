import { isJsonObject, type JsonObject } from '../../json/object.ts';

/** One thing that an error body says. */
export interface Statement {
  message: string;
  /** A name (`object_not_found`) or a number (`20404`). */
  code?: string;
  /** The field or parameter that it is about. */
  where?: string;
}

/**
 * What a JSON error body says, whatever API wrote it. The bodies that were looked at (problem+json, JSON:API,
 * GraphQL, OAuth, Google, Microsoft, GitHub, Slack, Stripe, Atlassian, Salesforce, …) differ in where they nest
 * and in the spelling of few names; both are listed here rather than told apart by API.
 */
export function statementsOf(value: unknown): Statement[] {
  return unique(read(value, 0));
}

// By their names in lower case without separators: `error_description`, `errorDescription`, `Error-Description`.
const MESSAGES = [
  'errordescription',
  'detail',
  'message',
  'errormessage',
  'description',
  'msg',
  'errorsummary',
  'faultstring',
  'reason',
  'error',
  'errors',
  'err',
  'title',
  'value',
];
const TITLES = ['title', 'message', 'error'];
const CODES = ['code', 'errorcode', 'ecode', 'status', 'category', 'name', 'type', 'keyword'];
const NESTED = [
  'error',
  'errors',
  'odataerror',
  'fault',
  'message',
  'detail',
  'details',
  'errormessages',
  'errorinfo',
  'responsemetadata',
  'messages',
  'fieldviolations',
  'validationerrors',
  'elements',
  'invalidparams',
  'issues',
];
const PLACES = ['field', 'pointer', 'param', 'parameter', 'property', 'loc', 'path', 'source', 'name'];
/** What a `code`, `status` or `type` may say without saying anything. */
const EMPTY_WORDS = new Set(['error', 'errorlist', 'fail', 'failed', 'failure', 'false', 'aboutblank']);
const DEEPEST = 6;

type Named = ReadonlyMap<string, unknown>;

function read(value: unknown, depth: number, where?: string): Statement[] {
  if (depth > DEEPEST) return [];
  if (typeof value === 'string') {
    return value.trim() === '' ? [] : [{ message: value.trim(), ...(where === undefined ? {} : { where }) }];
  }
  if (Array.isArray(value)) return value.flatMap((each) => read(each, depth + 1, where));
  return isJsonObject(value) ? readObject(value, depth, where) : [];
}

function readObject(object: JsonObject, depth: number, where: string | undefined): Statement[] {
  const named: Named = new Map(
    Object.entries(object)
      .toReversed()
      .map(([name, value]) => [plainName(name), value]),
  );
  const lead = leadOf(named, where);
  const nested = NESTED.flatMap((name) => {
    const value = named.get(name);
    const isLead = typeof value === 'string' && MESSAGES.includes(name);
    return isLead ? [] : read(value, depth + 1, lead === undefined ? where : undefined);
  });
  if (lead !== undefined) return [lead, ...nested];
  if (nested.length > 0 || depth === 0) return nested;
  // Jira, Rails, Discord: {"title": ["can't be blank"]}.
  return Object.entries(object).flatMap(([name, each]) => read(each, depth + 1, name));
}

function leadOf(named: Named, outer: string | undefined): Statement | undefined {
  const text = firstText(named, MESSAGES) ?? localized(named.get('message'));
  const code = codeOf(named);
  const where = placeOf(named) ?? outer;
  const about = where === undefined ? {} : { where };
  if (text === undefined) {
    // GitHub's {"field": "title", "code": "missing_field"}.
    return code === undefined || where === undefined || isNumber(code)
      ? undefined
      : { message: code, ...about };
  }
  const titles = TITLES.map((name) => named.get(name)).filter((value) => typeof value === 'string');
  const title = titles.find((each) => each.trim() !== '' && !saysSame(each, text));
  const message = `${title === undefined ? '' : `${title.trim()}: `}${text}${slackScopes(named)}`;
  const isNew = code !== undefined && !saysSame(code, text) && !saysSame(code, title ?? text);
  return { message, ...(isNew ? { code } : {}), ...about };
}

/** OData 3: {"lang": "en-US", "value": "…"}. */
function localized(message: unknown): string | undefined {
  return isJsonObject(message) ? firstText(new Map(Object.entries(message)), ['value']) : undefined;
}

/** https://docs.slack.dev/authentication/installing-with-oauth: `missing_scope` says which. */
function slackScopes(named: Named): string {
  const [needed, provided] = [firstText(named, ['needed']), firstText(named, ['provided'])];
  if (needed === undefined) return '';
  return ` (needed: ${needed}${provided === undefined ? '' : `; provided: ${provided}`})`;
}

function codeOf(named: Named): string | undefined {
  const values = CODES.filter((name) => name !== 'name' || !hasReason(named)).map((name) => named.get(name));
  const codes = values
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    // AWS: com.amazonaws.dynamodb.v20120810#ResourceNotFoundException.
    .map((value) => String(value).split('#').at(-1) ?? '')
    .filter((code) => /^[\w.:-]{1,64}$/.test(code) && !EMPTY_WORDS.has(plainName(code)));
  return codes.find((code) => !isNumber(code)) ?? codes[0];
}

function placeOf(named: Named): string | undefined {
  for (const name of PLACES) {
    if (name === 'name' && !hasReason(named)) continue;
    const value = named.get(name);
    if (typeof value === 'string' && value !== '') return value;
    if (Array.isArray(value) && value.length > 0) return value.map(String).join('.');
    if (isJsonObject(value))
      return firstText(new Map(Object.entries(value)), ['pointer', 'parameter', 'header']);
  }
  return undefined;
}

/** RFC 9457's own example: {"name": "age", "reason": "must be a positive integer"}. Elsewhere `name` is a code. */
function hasReason(named: Named): boolean {
  return named.has('reason') && !named.has('message');
}

function firstText(named: Named, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = named.get(name);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}

const MOST_COMPARED = 50;

/** Without what another one says already: Google repeats its message in a list. */
function unique(statements: readonly Statement[]): Statement[] {
  const kept = new Map<string, Statement>();
  for (const statement of statements.slice(0, MOST_COMPARED)) {
    const said = plainName(statement.message);
    if (![...kept.keys()].some((other) => other.includes(said))) kept.set(said, statement);
  }
  return [...kept.values(), ...statements.slice(MOST_COMPARED)];
}

/** `NOT_FOUND` is `Not Found`. */
export function saysSame(one: string, other: string): boolean {
  return plainName(one) === plainName(other);
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function isNumber(code: string): boolean {
  return /^-?\d+$/.test(code);
}

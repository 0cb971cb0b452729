import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import type { Answer } from './answer.ts';
import { errorDetails, idSuffix, readProviderError, statusOf } from './provider-error.ts';
import { providerHint } from './provider-hint.ts';
import { errorValue, line } from './provider-message.ts';

const MOST_SHOWN = 10;
const MOST_LISTED = 100;

/** What the `errors` of a GraphQL answer end with (https://spec.graphql.org/October2021/#sec-Errors); undefined without any. */
export async function graphqlFailure(
  app: App,
  key: AccountKey,
  answer: Pick<Answer, 'response' | 'body'>,
): Promise<SkConnectError | undefined> {
  const value = await errorValue(answer.response, answer.body);
  const errors = graphqlErrors(value);
  const { status } = answer.response;
  if (errors.length === 0) return status < 400 && isPage(answer) ? noGraphql(answer) : undefined;
  const error = await readProviderError(answer);
  const isPartial = isJsonObject(value) && isJsonObject(value['data']);
  return new SkConnectError('upstream', `${summary(errors)}${idSuffix(error.requestId)}`, {
    code: 'graphql_errors',
    httpStatus: status,
    hint:
      status >= 400 || error.scopes !== undefined
        ? providerHint(app, key, error)
        : isPartial
          ? PARTIAL
          : NOTHING,
    details: { errors: errors.slice(0, MOST_LISTED).map(described), ...errorDetails(error) },
  });
}

const PARTIAL = 'The data that came in spite of that is on stdout.';
const NOTHING = 'No data came: check the document and its variables with --dry-run.';

/** A sign-in page, or a website at the same address: exit 0 would hide it. */
function isPage({ response, body }: Pick<Answer, 'response' | 'body'>): boolean {
  return body.length > 0 && /^text\/html\b/i.test(headerValue(response.headers, 'content-type') ?? '');
}

async function noGraphql(answer: Pick<Answer, 'response' | 'body'>): Promise<SkConnectError> {
  const { message, requestId } = await readProviderError(answer);
  const said = message === undefined ? '' : `: ${message}`;
  return new SkConnectError(
    'upstream',
    `the provider answered ${statusOf(answer.response)} with a page, no GraphQL answer${said}${idSuffix(requestId)}`,
    {
      code: 'no_graphql',
      httpStatus: answer.response.status,
      hint: 'Check that PATH is where its GraphQL endpoint is.',
    },
  );
}

/** The `errors` of an answer, or of a batch of them. */
export function graphqlErrors(value: unknown): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap((each) => (isJsonObject(each) ? graphqlErrors(each) : []));
  const errors = isJsonObject(value) ? value['errors'] : undefined;
  return Array.isArray(errors) ? errors.filter(isJsonObject) : [];
}

function summary(errors: readonly JsonObject[]): string {
  const texts = errors.slice(0, MOST_SHOWN).map(inWords);
  if (errors.length === 1) return `the provider answered with a GraphQL error: ${texts[0]}`;
  const left = errors.length - MOST_SHOWN;
  const more = left > 0 ? [`  and ${left.toLocaleString('en')} more`] : [];
  const lines = [...texts.map((text) => `  ${text}`), ...more];
  return [`the provider answered with ${errors.length} GraphQL errors:`, ...lines].join('\n');
}

/** `NOT_FOUND: Could not resolve it. (at repository.issues.0, line 2 column 3)`. */
function inWords(error: JsonObject): string {
  const { message, code, path, locations } = described(error);
  const places = locations.map(({ line, column }) => `line ${line} column ${column}`);
  const where = [...(path.length === 0 ? [] : [`at ${path.join('.')}`]), ...places].join(', ');
  return line(`${code === undefined ? '' : `${code}: `}${message}${where === '' ? '' : ` (${where})`}`);
}

function described(error: JsonObject) {
  const { message, path, locations, extensions, type } = error;
  // Where most servers put a code; GitHub has `type`.
  const code = isJsonObject(extensions) && typeof extensions['code'] === 'string' ? extensions['code'] : type;
  return {
    message: typeof message === 'string' ? message : 'an error without a message',
    ...(typeof code === 'string' ? { code } : {}),
    path: Array.isArray(path) ? path.map(String) : [],
    locations: (Array.isArray(locations) ? locations : []).filter(isLocation),
  };
}

function isLocation(value: unknown): value is { line: number; column: number } {
  return isJsonObject(value) && typeof value['line'] === 'number' && typeof value['column'] === 'number';
}

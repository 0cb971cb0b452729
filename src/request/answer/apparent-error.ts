import type { App } from '../../app.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import type { Answer } from './answer.ts';

/** What is longer than this is data. */
const MOST_BYTES = 64 * 1024;

/** Says that a 200 reads like an error: exit 0 alone would hide it. */
export async function tellApparentError(app: App, { response, body, isWhole }: Answer): Promise<void> {
  if (!isWhole || body.length > MOST_BYTES) return;
  const value = parsed(body);
  const expression = isJsonObject(value) ? errorExpression(value) : undefined;
  if (expression === undefined) return;
  const [{ idSuffix, statusOf }, { messageFrom }, { requestIdOf }] = await Promise.all([
    import('./provider-error.ts'),
    import('./provider-message.ts'),
    import('./request-id.ts'),
  ]);
  const message = messageFrom(response, value) ?? expression;
  const said = `the provider answered ${statusOf(response)}, but says: ${message}${idSuffix(requestIdOf(response.headers))}`;
  app.terminal.notice(app.redactor.apply(`${said}\n  → To make it exit 5: --fail-on '${expression}'`));
}

/** Most answers are none of this, and need not be parsed to tell. */
const MAY_BE_ERROR =
  /^\uFEFF?\s*\{[^]*"(?:(?:ok|success)"\s*:\s*false|errors?"\s*:\s*[[{"t]|error_message"\s*:\s*"|status"\s*:\s*"error")/;

function parsed(body: Uint8Array): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  if (!MAY_BE_ERROR.test(text)) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/**
 * The jq expression that tells this answer from a good one, where it is an error for certain: what merely has a
 * field named `error` may be a job that failed, and well reported.
 */
export function errorExpression(answer: JsonObject): string | undefined {
  const { ok, success, error, errors, status } = answer;
  if (ok === false) return '.ok == false';
  if (success === false) return '.success == false';
  if (Array.isArray(errors) && errors.length > 0 && errors.every(isErrorObject)) return '.errors[0]';
  if (isErrorObject(error) && hasNothingElse(answer)) return '.error';
  if (isText(error) && hasNothingElse(answer)) return '.error';
  if (error === true && isText(answer['message'])) return '.error';
  if (isText(answer['error_message']) && hasNothingElse(answer)) return '.error_message';
  // JSend: https://github.com/omniti-labs/jsend.
  if (status === 'error' && isText(answer['message'])) return '.status == "error"';
  return undefined;
}

function isErrorObject(value: unknown): boolean {
  return isJsonObject(value) && ['message', 'detail', 'title', 'code'].some((name) => isText(value[name]));
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

const ERROR_FIELDS =
  /^(error(s|[_-]?(description|message|code|uri|summary|type|info|id))?|message|code|status([_-]?code)?|details?|description|reason|title|type|request[_-]?id|trace[_-]?id|timestamp|path|documentation_url|help|extensions)$/i;

/** Whether all else in it belongs to an error, or is empty. */
function hasNothingElse(answer: JsonObject): boolean {
  return Object.entries(answer).every(([name, value]) => ERROR_FIELDS.test(name) || isEmpty(value));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

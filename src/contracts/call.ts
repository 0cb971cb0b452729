import { SkConnectError } from '../errors.ts';
import { type HeaderList, headerValue } from '../http/headers.ts';
import { isJsonObject, type JsonObject } from '../json/object.ts';
import { appendQuery, type QueryPair } from '../request/call/query.ts';
import type { AccountKey } from '../scalekit/accounts.ts';
import { checkProxyCall, type ProxyCall } from '../scalekit/proxy-input.ts';
import type { Contract, ContractRequest } from './contract.ts';
import { ToolFailure } from './failure.ts';
import { declares } from './input.ts';
import { fillPath, fillText, fillValue, scalarText, wellFormed } from './template.ts';

/** What the caller is, where the contract leaves it open. */
export interface Caller {
  connectionName?: string | undefined;
  identifier?: string | undefined;
}

/** Whose account the call is made with. Throws a ToolFailure where nobody says. */
export function accountOf(contract: Contract, input: JsonObject, caller: Caller): AccountKey {
  const { connection, identifier: written } = contract.request;
  const connectionName = connection ?? caller.connectionName;
  const identifier =
    written === undefined
      ? caller.identifier
      : scalarText(fillText(written, valuesOf(contract, input, caller)), 'identifier');
  if (connectionName === undefined) throw missing(contract, 'connection');
  if (identifier === undefined || identifier === '') throw missing(contract, 'identifier');
  return { connectionName, identifier };
}

/** The call that serves a tool, for an input with its defaults. Throws a ToolFailure for what must not be sent. */
export function buildCall(contract: Contract, input: JsonObject, account: AccountKey): ProxyCall {
  const { request } = contract;
  const values = valuesOf(contract, input, account);
  const headers = headersOf(request, values);
  const body = bodyOf(request, values, headerValue(headers, 'content-type'));
  const call: ProxyCall = {
    ...account,
    method: (request.method ?? (request.body === undefined ? 'GET' : 'POST')).toUpperCase(),
    path: appendQuery(fillPath(request.path, values), queryOf(request, values)),
    headers: body?.contentType === undefined ? headers : [...headers, ['content-type', body.contentType]],
    ...(body === undefined ? {} : { body: body.bytes }),
  };
  try {
    checkProxyCall(call);
  } catch (error) {
    if (!(error instanceof SkConnectError)) throw error;
    throw new ToolFailure('invalid_input', error.message, { cause: error });
  }
  return call;
}

/** `{{identifier}}` is the caller's unless the schema has an input of that name: no model may add one. */
function valuesOf({ input_schema }: Contract, input: JsonObject, { identifier }: Caller): JsonObject {
  if (declares(input_schema, 'identifier')) return input;
  return { ...input, identifier };
}

function missing({ name }: Contract, what: 'connection' | 'identifier'): ToolFailure {
  return new ToolFailure('invalid_input', `${name} needs to be told the ${what} it is called for`);
}

function queryOf({ query = {} }: ContractRequest, values: JsonObject): QueryPair[] {
  return Object.entries(query).flatMap(([name, written]) =>
    [fillValue(written, values)].flat().flatMap((value): QueryPair[] => {
      const text = scalarText(value, name);
      return text === undefined ? [] : [[name, wellFormed(text)]];
    }),
  );
}

function headersOf({ headers = {} }: ContractRequest, values: JsonObject): HeaderList {
  return Object.entries(headers).flatMap(([name, written]) => {
    const text = scalarText(fillValue(written, values), name);
    return text === undefined ? [] : [[name, text] as const];
  });
}

interface FilledBody {
  bytes: Uint8Array;
  /** Where the contract names none. */
  contentType?: string;
}

function bodyOf(
  { body: written }: ContractRequest,
  values: JsonObject,
  givenType: string | undefined,
): FilledBody | undefined {
  const body = fillValue(written, values);
  if (body === undefined) return undefined;
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(givenType ?? '');
  const isText = typeof body === 'string';
  const text = isForm && isJsonObject(body) ? formText(body) : isText ? body : JSON.stringify(body);
  const ownType = isText ? 'text/plain; charset=utf-8' : 'application/json';
  return { bytes: Buffer.from(text), ...(givenType === undefined ? { contentType: ownType } : {}) };
}

function formText(body: JsonObject): string {
  const pairs = Object.entries(body).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => {
      const text = scalarText(each, name);
      return text === undefined ? [] : [[name, text] as [string, string]];
    }),
  );
  return new URLSearchParams(pairs).toString();
}

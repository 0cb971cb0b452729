import { messageOf } from '../errors.ts';
import { isJsonObject } from '../json/object.ts';
import { checkProxyCall, type ProxyCall } from '../scalekit/proxy-input.ts';
import type { Contract } from './contract.ts';
import { declaredInputs } from './input.ts';
import type { Finding, PathKey } from './problems.ts';
import { mapPlaceholders, placeholdersOf } from './template.ts';

/** What the request of a tool would be refused for, or could never be filled. */
export function checkRequest(contract: Contract): Finding[] {
  const { request } = contract;
  const { method, body } = request;
  const found = [...checkPlaceholders(contract), ...checkConnection(contract)];
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    found.push({ path: ['body'], message: `is not sent with ${method}: use query, or another method` });
  }
  if (found.length === 0) found.push(...checkSample(contract));
  return found.map(({ path, message }) => ({ path: ['request', ...path], message }));
}

function checkConnection({ request: { connection } }: Contract): Finding[] {
  if (connection?.includes('{{') !== true) return [];
  return [{ path: ['connection'], message: 'takes no placeholder: no model may choose the connection' }];
}

function checkPlaceholders({ input_schema: schema, request }: Contract): Finding[] {
  const inputs = declaredInputs(schema);
  const { required } = schema;
  const isAlwaysThere = (name: string) =>
    (Array.isArray(required) && required.includes(name)) || hasDefault(inputs.get(name));
  return textsOf(request).flatMap(({ path, text }): Finding[] => {
    if (path[0] === 'connection') return [];
    try {
      const names = placeholdersOf(text).map(([name = '']) => name);
      const unknown = names.find((name) => name !== 'identifier' && !inputs.has(name));
      if (unknown !== undefined) {
        return [
          { path, message: `{{${unknown}}} is no input: input_schema has ${listed([...inputs.keys()])}` },
        ];
      }
      const open = names.find((name) => name !== 'identifier' && !isAlwaysThere(name));
      if (path[0] !== 'path' || open === undefined) return [];
      const message = `{{${open}}} may be left out, and the path needs it: make it required, or give it a default`;
      return [{ path, message }];
    } catch (error) {
      return [{ path, message: messageOf(error) }];
    }
  });
}

function hasDefault(schema: unknown): boolean {
  return isJsonObject(schema) && schema['default'] !== undefined;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

interface Text {
  path: PathKey[];
  text: string;
}

function textsOf(value: unknown, path: PathKey[] = []): Text[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((each, index) => textsOf(each, [...path, index]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => textsOf(each, [...path, key]));
}

/** The call that any input would make, part by part, so that each refusal has its place. */
function checkSample({ request }: Contract): Finding[] {
  const { connection, path, headers = {} } = request;
  const sample: ProxyCall = { connectionName: 'connection', identifier: 'user', method: 'GET', path: '/' };
  const filled = (text: string) => mapPlaceholders(text, () => 'x');
  const refused = (at: PathKey[], part: Partial<ProxyCall>): Finding[] => {
    try {
      checkProxyCall({ ...sample, ...part });
      return [];
    } catch (error) {
      return [{ path: at, message: messageOf(error) }];
    }
  };
  return [
    ...(connection === undefined ? [] : refused(['connection'], { connectionName: connection })),
    ...refused(['path'], { path: filled(path) }),
    ...Object.entries(headers).flatMap(([name, value]) =>
      refused(['headers', name], { headers: [[name, filled(String(value))]] }),
    ),
  ];
}

import { isJsonObject } from '../../../json/object.ts';
import { isSecretName, isSecretParameter } from '../../../redact.ts';
import type { PathKey } from '../../problems.ts';
import type { LintedTool, Rule } from '../rule.ts';
import { inputsOf } from '../schema-walk.ts';
import { secretShape } from '../secret-shape.ts';

export const noSecret: Rule = {
  id: 'no-secret',
  severity: 'error',
  summary: 'A contract holds no secret',
  *check(tool) {
    for (const { path, key, text, isSent } of textsOf(tool)) {
      const what = secretShape(text) ?? (isSent ? namedSecret(path, key, text) : undefined);
      if (what === undefined) continue;
      yield {
        path,
        message: `this looks like ${what}: the file is read by everybody who has the code`,
        advice: "Revoke it and take it out: Scalekit adds the account's credentials to every call.",
      };
    }
  },
};

export const secretInput: Rule = {
  id: 'secret-input',
  severity: 'warning',
  summary: 'No input asks for a credential',
  *check({ input_schema: schema }) {
    for (const [name] of inputsOf(schema)) {
      if (!CREDENTIAL.test(name)) continue;
      yield {
        path: ['input_schema', 'properties', name],
        message: `${name} asks a model for a credential, which then stands in prompts and logs`,
        advice: "Remove the input: Scalekit adds the account's credentials to every call.",
      };
    }
  },
};

const CREDENTIAL =
  /^(authorization|bearer|password|passwd|secret|credentials?|token|api_?(key|token)|(access|refresh|auth|bearer|bot|user|id)_?token|(client|app)_?secret|private_?key)$/i;

interface TextAt {
  path: readonly PathKey[];
  /** Of the nearest property. */
  key: string;
  text: string;
  /** Whether it is a value that the tool sends, and not said about one. */
  isSent: boolean;
}

const SENT = new Set(['request', 'examples']);

function textsOf(tool: LintedTool): TextAt[] {
  const { request, ...rest } = tool;
  return [...textsIn(rest, [], ''), ...textsIn(request, ['request'], '')];
}

function textsIn(value: unknown, path: readonly PathKey[], key: string): TextAt[] {
  if (typeof value === 'string') return [{ path, key, text: value, isSent: SENT.has(String(path[0])) }];
  if (Array.isArray(value)) return value.flatMap((each, index) => textsIn(each, [...path, index], key));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => textsIn(each, [...path, name], name));
}

/** A literal under a name such as `api_key`, or behind one in a path. */
function namedSecret(path: readonly PathKey[], key: string, text: string): string | undefined {
  const [part, field] = path;
  if (part === 'request' && field === 'path') {
    const pairs = [...text.matchAll(/[?&]([^=&]+)=([^&]*)/g)];
    const found = pairs.find(
      ([, name = '', value = '']) => isSecretParameter(name) && isLiteral(name, value),
    );
    return found === undefined ? undefined : `the value of ${found[1]}`;
  }
  if (part === 'request' && !['headers', 'query', 'body'].includes(String(field))) return undefined;
  const isTelling = field === 'query' ? isSecretParameter(key) : isSecretName(key);
  return isTelling && isLiteral(key, text) ? `the value of ${key}` : undefined;
}

/** Cursors are called tokens too, and what a token is for is none. */
function isLiteral(name: string, text: string): boolean {
  if (/(page|next|sync|continuation|cursor|delta)[-_]?token|type$|fields?$/i.test(name)) return false;
  return text.length >= 6 && !text.includes('{{');
}

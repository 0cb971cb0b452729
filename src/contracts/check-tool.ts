import { messageOf, SkConnectError } from '../errors.ts';
import { checkJq } from '../json/jq.ts';
import { isJsonObject, type JsonObject } from '../json/object.ts';
import { compileSchema, type Violation } from '../json/schema.ts';
import { createLinkMap } from '../request/pages/link-map.ts';
import { checkRequest } from './check-request.ts';
import { keysOf } from './check-shape.ts';
import type { Contract } from './contract.ts';
import { misfits } from './fit.ts';
import { withDefaults, withIdentifier } from './input.ts';
import type { Finding, PathKey } from './problems.ts';

/** What is wrong with a tool whose shape is right. */
export async function checkTool(contract: Contract): Promise<Finding[]> {
  const schemas = await checkSchemas(contract);
  return [
    ...schemas,
    ...checkRequest(contract),
    ...checkBaseUrl(contract),
    ...(await checkExpressions(contract)),
    ...(schemas.length > 0 ? [] : await checkExamples(contract)),
  ];
}

async function checkSchemas(contract: Contract): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const name of ['input_schema', 'output_schema'] as const) {
    const schema = contract[name];
    if (schema === undefined) continue;
    await compileSchema(schema, { isStrict: true }).catch((error: unknown) => {
      found.push(schemaProblem(name, schema, error));
    });
  }
  return found;
}

/** At its place within the schema, where that is known. */
function schemaProblem(name: string, schema: JsonObject, error: unknown): Finding {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!isJsonObject(cause)) return { path: [name], message: `is no JSON Schema: ${messageOf(error)}` };
  const { path, message } = cause as unknown as Violation;
  return { path: [name, ...keysOf(schema, path)], message: `is no JSON Schema: ${message}` };
}

async function checkExpressions(contract: Contract): Promise<Finding[]> {
  const { output, fail_when, error, pages } = contract;
  const { next, items } = typeof pages === 'object' ? pages : {};
  const expressions: [path: PathKey[], expression: string | undefined][] = [
    [['output'], output],
    [['fail_when'], fail_when],
    [['error'], error],
    [['pages', 'next'], next],
    [['pages', 'items'], items],
  ];
  const found: Finding[] = [];
  for (const [path, expression] of expressions) {
    if (expression === undefined) continue;
    const message = await jqProblem(expression);
    if (message !== undefined) found.push({ path, message });
  }
  if (error !== undefined && fail_when === undefined) {
    found.push({
      path: ['error'],
      message: 'words an error that nothing tells: say when with fail_when',
    });
  }
  return found;
}

async function jqProblem(expression: string): Promise<string | undefined> {
  try {
    await checkJq(expression, '');
    return undefined;
  } catch (error) {
    if (!(error instanceof SkConnectError)) throw error;
    return error.message.slice(` ${JSON.stringify(expression)} `.length);
  }
}

function checkBaseUrl({ pages }: Contract): Finding[] {
  const baseUrl = typeof pages === 'object' ? pages.base_url : undefined;
  if (baseUrl === undefined) return [];
  try {
    createLinkMap(baseUrl);
    return [];
  } catch (error) {
    const message = messageOf(error).replace('--base-url', 'it');
    return [{ path: ['pages', 'base_url'], message }];
  }
}

async function checkExamples({ input_schema: schema, examples = [] }: Contract): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [index, { input }] of examples.entries()) {
    const whole: JsonObject = withDefaults(schema, withIdentifier(schema, input, 'user_123'));
    const violations = await misfits(schema, whole);
    for (const { path, message } of violations) {
      found.push({ path: ['examples', index, 'input', ...keysOf(whole, path)], message });
    }
  }
  return found;
}

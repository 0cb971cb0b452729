import type { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { checkConfig } from './check-config.ts';
import { checkConnector } from './check-connector.ts';
import { below, type Finding, type PathKey, pathText, SandboxConfigError } from './problems.ts';
import { configSchema, connectorSchema } from './schema.ts';
import type { SandboxConfig } from './types.ts';

/** Everything that is wrong with a config: its shapes, what each connector's parts are to each other, and where those are right the config's own. */
export function findProblems(config: unknown): Finding[] {
  const shape = shapeFindings(configSchema, config);
  if (!isJsonObject(config)) return shape;
  const connectors = connectorsOf(config).flatMap((definition, index) =>
    below(['connectors', index], connectorProblems(definition)),
  );
  const findings = [...shape, ...connectors];
  const misshapen = new Set(findings.filter(({ isOfShape }) => isOfShape).map(({ path }) => path[0]));
  return [...findings, ...checkConfig(config as unknown as SandboxConfig, misshapen)];
}

function connectorsOf({ connectors }: JsonObject): readonly unknown[] {
  return Array.isArray(connectors) ? connectors : [];
}

/** The same of a connector definition alone. */
export function connectorProblems(definition: unknown): Finding[] {
  const shape = shapeFindings(connectorSchema, definition);
  if (!isJsonObject(definition)) return shape;
  return [...shape, ...checkConnector(withoutMisshapen(definition, shape))];
}

/** The definition, or a copy in which what is wrong by itself is missing; in a list it is nothing, so that the others keep their places. */
function withoutMisshapen(definition: JsonObject, shape: readonly Finding[]): JsonObject {
  if (shape.length === 0) return definition;
  const copy = structuredClone(definition);
  for (const { path } of shape) {
    const last = path.at(-1);
    let holder: unknown = copy;
    for (const key of path.slice(0, -1)) holder = (holder as Record<PathKey, unknown> | undefined)?.[key];
    if (Array.isArray(holder)) holder[Number(last)] = {};
    else if (isJsonObject(holder) && last !== undefined) delete holder[last];
  }
  return copy;
}

function shapeFindings(schema: z.ZodType, value: unknown): Finding[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  const findings = parsed.error.issues.flatMap((issue) => toFindings(issue, value));
  return findings.map((finding) => ({ ...finding, isOfShape: true }));
}

/** @throws SandboxConfigError that lists all problems */
export function validateConfig(config: unknown): SandboxConfig {
  const findings = findProblems(config);
  if (findings.length === 0) return config as SandboxConfig;
  const problems = findings.map(({ path, message }) => ({ path: pathText(path), message }));
  throw new SandboxConfigError('sandbox config', problems);
}

/** An issue in the words of these files. */
export function toFindings(issue: z.core.$ZodIssue, config: unknown): Finding[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: 'is not known here' }));
    case 'invalid_type':
      return [
        { path, message: isMissing(config, path) ? 'is required' : `must be ${kindOf(issue.expected)}` },
      ];
    case 'invalid_union':
      // Zod's own words, where the schema has none.
      return [
        { path, message: issue.message === 'Invalid input' ? 'must be a string or a number' : issue.message },
      ];
    case 'invalid_value':
      if (isMissing(config, path)) return [{ path, message: 'is required' }];
      return [{ path, message: `must be one of ${issue.values.join(', ')}` }];
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, message }));
    default:
      return [{ path, message: issue.message }];
  }
}

function isMissing(config: unknown, path: readonly PathKey[]): boolean {
  let value = config;
  for (const key of path) value = (value as Record<PathKey, unknown> | undefined)?.[key];
  return value === undefined;
}

/** In the words of YAML rather than those of JavaScript. */
const KINDS: Record<string, string> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
};

function kindOf(type: string): string {
  return KINDS[type] ?? `a ${type}`;
}

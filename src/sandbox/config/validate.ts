import type { z } from 'zod';
import { checkConfig } from './check-config.ts';
import { checkConnector, type Finding } from './check-connector.ts';
import { type PathKey, pathText, SandboxConfigError } from './problems.ts';
import { configSchema, connectorSchema } from './schema.ts';
import type { ConnectorDefinition, SandboxConfig } from './types.ts';

/** Everything that is wrong with a config: its shapes, or where those are right what they mean together. */
export function findProblems(config: unknown): Finding[] {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) return parsed.error.issues.flatMap((issue) => toFindings(issue, config));
  return checkConfig(config as SandboxConfig);
}

/** The same of a connector definition alone. */
export function connectorProblems(definition: unknown): Finding[] {
  const parsed = connectorSchema.safeParse(definition);
  if (!parsed.success) return parsed.error.issues.flatMap((issue) => toFindings(issue, definition));
  return checkConnector(definition as ConnectorDefinition);
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
      return [{ path, message: 'must be a string or a number' }];
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

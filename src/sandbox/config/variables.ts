import type { Finding, PathKey } from './problems.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

const VARIABLE = /\$\{([A-Za-z_]\w*)\}/g;

/** The places that may hold secrets, and that therefore take `${NAME}`. */
function takesVariables(path: readonly PathKey[]): boolean {
  const [top, , part] = path;
  if (top === 'environment') return true;
  return (top === 'connections' && part === 'oauth') || (top === 'accounts' && part === 'credentials');
}

/** A copy of the config with `${NAME}` filled in; a variable that is not set is a finding. */
export function fillVariables(
  config: unknown,
  variables: Variables,
): { config: unknown; findings: Finding[] } {
  const findings: Finding[] = [];

  function fill(value: unknown, path: PathKey[]): unknown {
    if (typeof value === 'string' && takesVariables(path)) {
      return value.replace(VARIABLE, (whole, name: string) => {
        const filled = variables[name];
        if (filled === undefined) findings.push({ path, message: `the variable ${name} is not set` });
        return filled ?? whole;
      });
    }
    if (Array.isArray(value)) return value.map((element, index) => fill(element, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, fill(child, [...path, key])]),
    );
  }

  return { config: fill(config, []), findings };
}

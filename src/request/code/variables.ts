import { isSecretName, isSecretParameter } from '../../redact.ts';

/** A value that a program takes from an environment variable, as it looks like a secret. */
export class Variable {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export interface Variables {
  /** A header's or a field's value, or the variable for it. */
  field(name: string, value: string): string | Variable;
  /** A parameter's value, of a query or an urlencoded form, or the variable for it. */
  parameter(name: string, value: string): string | Variable;
  names(): readonly string[];
}

/** Where a list goes on is no secret, whatever it is called. */
const PAGE_TOKEN = /(page|next|continuation|sync)[-_]?token$/i;

export function createVariables(): Variables {
  const values = new Map<string, string>();
  const valueOf = (name: string, value: string, isSecret: boolean) => {
    if (!isSecret || value === '' || PAGE_TOKEN.test(name)) return value;
    const base = variableName(name);
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? base : `${base}_${number}`;
      const taken = values.get(candidate);
      if (taken !== undefined && taken !== value) continue;
      values.set(candidate, value);
      return new Variable(candidate);
    }
  };
  return {
    field: (name, value) => valueOf(name, value, isSecretName(name)),
    parameter: (name, value) => valueOf(name, value, isSecretParameter(name)),
    names: () => [...values.keys()],
  };
}

/** `X-Api-Key`, `xApiKey` and `x[api_key]` are all `X_API_KEY`. */
function variableName(name: string): string {
  const words = /^[A-Za-z0-9]+$/.test(name) ? name.replace(/([a-z0-9])([A-Z])/g, '$1_$2') : name;
  const joined = words.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return `${/^\d/.test(joined) ? '_' : ''}${joined.toUpperCase()}`;
}

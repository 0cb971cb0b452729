/** A value that a program takes from an environment variable, as it looks like a secret. */
export class Variable {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export interface Variables {
  /** The variable for what was typed under a name; the same one for the same name and value. */
  for(name: string, value: string): Variable;
  names(): readonly string[];
}

export function createVariables(): Variables {
  const values = new Map<string, string>();
  return {
    for: (name, value) => {
      const base = variableName(name);
      for (let number = 1; ; number++) {
        const candidate = number === 1 ? base : `${base}_${number}`;
        const taken = values.get(candidate);
        if (taken !== undefined && taken !== value) continue;
        values.set(candidate, value);
        return new Variable(candidate);
      }
    },
    names: () => [...values.keys()],
  };
}

/** `X-Api-Key`, `xApiKey` and `x[api_key]` are all `X_API_KEY`. */
function variableName(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return `${/^\d/.test(words) ? '_' : ''}${words.toUpperCase()}`;
}

import { SandboxConfigError } from './problems.ts';
import type { SandboxConfig } from './types.ts';
import type { Variables } from './variables.ts';

/**
 * Reads a sandbox config, YAML or JSON. An entry of `connectors` is a definition or the path of a file
 * that holds one, relative to the config, as is `tools_lock`. `${NAME}` in `environment`, `oauth` and `credentials` is taken
 * from `variables`.
 * @throws SandboxConfigError with every problem and its place
 */
export async function loadSandboxConfig(file: string, variables: Variables = {}): Promise<SandboxConfig> {
  // With the parser of YAML, which a config that a program gives does not need.
  const [{ inspectFile }, { textOf }] = await Promise.all([import('./inspect.ts'), import('./source.ts')]);
  const { kind, value, problems, unset } = await inspectFile(file, await textOf(file), variables);
  const all = [...unset, ...problems];
  if (all.length > 0) throw new SandboxConfigError(file, all);
  if (kind === 'config') return value as SandboxConfig;
  const message = 'is a connector: name it under `connectors` of a config';
  throw new SandboxConfigError(file, [{ path: '', message }]);
}

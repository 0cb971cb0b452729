import { allowHostsLine } from '../config/allow-hosts.ts';
import type { Finding, PathKey } from '../config/problems.ts';
import type { ConnectorDefinition, SandboxConfig } from '../config/types.ts';
import { createGuard } from './guard.ts';

interface Named {
  path: PathKey[];
  host: string;
}

/** What a config's connectors name and the guard would refuse, so that a user hears of it before the first call. The config is valid. */
export function refusedHosts(config: SandboxConfig): Finding[] {
  const { allow_hosts = [] } = config;
  return refused(config).map(({ path, host }) => ({
    path,
    message: `${host} is not allowed: add it to allow_hosts:  ${allowHostsLine([...allow_hosts, host])}`,
  }));
}

/** The same in one sentence, with one line to add. */
export function upstreamWarnings(config: SandboxConfig): string[] {
  const hosts = [...new Set(refused(config).map(({ host }) => host))];
  if (hosts.length === 0) return [];
  const are = hosts.length === 1 ? 'is' : 'are';
  const line = allowHostsLine([...(config.allow_hosts ?? []), ...hosts]);
  return [
    `${hosts.join(', ')} ${are} not allowed and will not be called: add to the sandbox's config:  ${line}`,
  ];
}

function refused({ connectors, allow_hosts = [] }: SandboxConfig): Named[] {
  const guard = createGuard(allow_hosts, () => Promise.resolve([]));
  return connectors.flatMap((definition, index) =>
    calledUrls(definition)
      .filter(({ url }) => !guard.isAllowed(url))
      .map(({ path, url }) => ({ path: ['connectors', index, ...path], host: url.hostname })),
  );
}

/** Those whose host does not depend on the account. */
function calledUrls({ proxy_url, auth_patterns }: ConnectorDefinition): { path: PathKey[]; url: URL }[] {
  const templates = auth_patterns.flatMap(({ oauth_config: oauth = {} }, index) =>
    (['token_uri', 'user_info_uri'] as const).map((key) => ({
      path: ['auth_patterns', index, 'oauth_config', key],
      template: oauth[key] ?? '',
    })),
  );
  return [{ path: ['proxy_url'], template: proxy_url }, ...templates].flatMap(({ path, template }) => {
    const schemeAndHost = /^[a-z]+:\/\/[^/?#]*/i.exec(template)?.[0] ?? '';
    const isFixed = URL.canParse(schemeAndHost) && !schemeAndHost.includes('{{');
    return isFixed ? [{ path, url: new URL(schemeAndHost) }] : [];
  });
}

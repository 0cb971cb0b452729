import { allowHostsLine } from '../config/allow-hosts.ts';
import type { ConnectorDefinition, SandboxConfig } from '../config/types.ts';
import type { UpstreamGuard } from './guard.ts';

/** What the config's connectors name and the guard would refuse, so that a user hears of it before the first call. */
export function upstreamWarnings(
  { connectors, allow_hosts = [] }: SandboxConfig,
  guard: UpstreamGuard,
): string[] {
  const urls = connectors.flatMap(calledUrls).filter((url) => !guard.isAllowed(url));
  const hosts = [...new Set(urls.map(({ hostname }) => hostname))];
  if (hosts.length === 0) return [];
  const are = hosts.length === 1 ? 'is' : 'are';
  const line = allowHostsLine([...allow_hosts, ...hosts]);
  return [
    `${hosts.join(', ')} ${are} not allowed and will not be called: add to the sandbox's config:  ${line}`,
  ];
}

/** Those whose host does not depend on the account. */
function calledUrls({ proxy_url, auth_patterns }: ConnectorDefinition): URL[] {
  const tokenUris = auth_patterns.map(({ oauth_config }) => oauth_config?.token_uri ?? '');
  return [proxy_url, ...tokenUris].flatMap((template) => {
    const schemeAndHost = /^[a-z]+:\/\/[^/?#]*/i.exec(template)?.[0] ?? '';
    return URL.canParse(schemeAndHost) && !schemeAndHost.includes('{{') ? [new URL(schemeAndHost)] : [];
  });
}

import { checkUrl } from './check-url.ts';
import type { Finding } from './problems.ts';
import type { AuthPattern, OAuthConfig } from './types.ts';

/** What an authorize request has of its own (RFC 6749 section 4.1.1, RFC 7636 section 4.3, RFC 8707 section 2). */
const OWN_PARAMETERS = new Set([
  'response_type',
  'client_id',
  'redirect_uri',
  'state',
  'code_challenge',
  'code_challenge_method',
  'resource',
]);

type OAuthPart = Pick<AuthPattern, 'type' | 'is_mcp' | 'oauth_config'>;

/** What is wrong with a pattern's `oauth_config`; paths are below it. */
export function checkOAuth({ type, is_mcp: isMcp, oauth_config: config }: OAuthPart): Finding[] {
  if (type !== 'OAUTH') return config ? [{ path: [], message: `does not go with ${type}` }] : [];
  return isMcp ? checkMcp(config) : checkEndpoints(config ?? {});
}

/** An MCP server names its authorization server, where the client registers itself: nothing is left to say here. */
function checkMcp(config: OAuthConfig | undefined): Finding[] {
  const message = 'must be {"pkce_enabled": true} for an MCP connector';
  if (config === undefined) return [{ path: [], message }];
  const others = Object.keys(config).filter((key) => key !== 'pkce_enabled');
  return [
    ...(config.pkce_enabled === true
      ? []
      : [{ path: ['pkce_enabled'], message: 'must be true for an MCP connector' }]),
    ...others.map((key) => ({
      path: [key],
      message: 'does not go with an MCP connector, which finds its authorization server by itself',
    })),
  ];
}

function checkEndpoints(config: OAuthConfig): Finding[] {
  const endpoints = (['authorize_uri', 'token_uri', 'user_info_uri'] as const).flatMap((key): Finding[] => {
    const url = config[key];
    if (url) return checkUrl(url, [key]);
    return key === 'user_info_uri' ? [] : [{ path: [key], message: 'is required for OAUTH' }];
  });
  return [...endpoints, ...checkScopes(config), ...checkScopeName(config)];
}

function checkScopes({ available_scopes: scopes = [] }: OAuthConfig): Finding[] {
  return scopes.flatMap(({ scope }: { scope?: string }, index) =>
    scope !== undefined && scopes.findIndex((other) => other.scope === scope) < index
      ? [{ path: ['available_scopes', index, 'scope'], message: `${scope} is declared twice` }]
      : [],
  );
}

function checkScopeName({ custom_scope_name: name = '' }: OAuthConfig): Finding[] {
  if (!OWN_PARAMETERS.has(name)) return [];
  return [{ path: ['custom_scope_name'], message: `${name} is a parameter of its own` }];
}

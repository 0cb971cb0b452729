import type { Contract } from '../../contracts/contract.ts';
import type { Lockfile } from '../../contracts/lockfile.ts';

/**
 * The sandbox's configuration, as its YAML or JSON file spells it. A connector definition is the very
 * payload that Scalekit's `POST /api/v1/custom-providers` takes, so that what was tried here can be
 * sent there unchanged.
 */

export type AuthType = 'OAUTH' | 'BASIC' | 'BEARER' | 'API_KEY' | 'NO_AUTH';

export interface ConnectorDefinition {
  /** The server derives the connector's `identifier` from it: `Demo Notes` becomes `demo-notes`. */
  display_name: string;
  description?: string;
  /** May hold `{{domain}}`, `{{version}}` and named `{{path_param}}`s. */
  proxy_url: string;
  /** Calls answer `proxy not enabled for provider` unless this is true. */
  proxy_enabled?: boolean;
  icon_src?: string;
  metadata?: Record<string, string>;
  auth_patterns: AuthPattern[];
  /**
   * The sandbox's own: built-in tools as Scalekit's connectors have them, each a proxied request in the format of
   * `tools.yaml`. In a config file also the name of such a file, relative to the file that names it.
   */
  tools?: Contract[];
}

export interface AuthPattern {
  type: AuthType;
  display_name?: string;
  description?: string;
  fields?: CredentialField[];
  account_fields?: CredentialField[];
  oauth_config?: OAuthConfig;
  auth_header_key_override?: string;
  auth_field_mutations?: Partial<Record<'api_key' | 'token' | 'username' | 'password', FieldMutation>>;
  is_mcp?: boolean;
}

export interface CredentialField {
  field_name: string;
  label?: string;
  hint?: string;
  input_type?: 'text' | 'password' | 'select';
  required?: boolean;
  is_path_param?: boolean;
}

/** Applied in this order: `default` where the value is empty, then `prefix`, then `suffix`. */
export interface FieldMutation {
  default?: string;
  prefix?: string;
  suffix?: string;
}

export interface OAuthConfig {
  authorize_uri?: string;
  token_uri?: string;
  user_info_uri?: string;
  available_scopes?: { scope: string; display_name?: string; description?: string; required?: boolean }[];
  pkce_enabled?: boolean;
  /** The name of the authorize request's scope parameter, for providers that do not call it `scope`. */
  custom_scope_name?: string;
  allow_use_scalekit_credentials?: boolean;
}

export interface ConnectionConfig {
  /** The exact Connection name that the SDK calls `connectionName`. */
  name: string;
  /** The connector's identifier or its display name. */
  connector: string;
  /** Which auth pattern, where the connector has several; the first one otherwise. */
  auth_type?: AuthType;
  oauth?: {
    client_id: string;
    client_secret?: string;
    scopes?: string[];
    /** How the token endpoint takes the secret. Where omitted: in the header, and in the body if that is refused. */
    token_endpoint_auth_method?: 'client_secret_basic' | 'client_secret_post';
  };
  /** As the config's own, for this connection alone. */
  tools_lock?: Lockfile;
}

export type AccountStatus = 'ACTIVE' | 'EXPIRED' | 'PENDING_AUTH' | 'PENDING_VERIFICATION' | 'DISCONNECTED';

export interface AccountConfig {
  connection: string;
  identifier: string;
  /** ACTIVE where credentials are given, else PENDING_AUTH. */
  status?: AccountStatus;
  /** Static connectors: their fields. OAuth connectors: access_token, refresh_token, expires_in (seconds). */
  credentials?: Record<string, string | number>;
}

export interface WebhookConfig {
  /** On loopback. */
  url: string;
  /** `whsec_…`; what the SDK's `verifyWebhookPayload` is given. */
  secret: string;
}

/** As the control API's faults, in the spelling of this file. */
export interface FaultConfig {
  match?: {
    kind?: 'proxy' | 'tool' | 'grpc' | 'rest' | 'token' | 'oauth';
    connection_name?: string;
    identifier?: string;
    tool_name?: string;
    path?: string;
    method?: string;
    rpc?: string;
  };
  effect: {
    status?: number;
    body?: unknown;
    headers?: Record<string, string>;
    grpc_code?: string;
    latency_ms?: number;
    bytes_per_second?: number;
    reset?: boolean;
    retry_after_seconds?: number;
  };
  times?: number;
  probability?: number;
  seed?: number;
}

export interface SandboxConfig {
  environment?: {
    client_id?: string;
    client_secret?: string;
    /** Lifetime of the environment's tokens in seconds; 3600 where omitted. */
    token_lifetime?: number;
    /** Lifetime of authorization links in seconds; 600 where omitted. */
    link_lifetime?: number;
    /** How long before its end an access token is renewed, in seconds; 300 where omitted. */
    refresh_ahead?: number;
    /** `custom`: an OAuth account waits in PENDING_VERIFICATION until the app has verified its user. `off` where omitted. */
    user_verification?: 'off' | 'custom';
    /** Where `connected_account.status_updated` is posted to. */
    webhooks?: WebhookConfig[];
  };
  /** Hosts beyond loopback that connectors may reach: `api.github.com`, `*.slack.com`, `10.0.0.5:8443`. */
  allow_hosts?: string[];
  connectors: ConnectorDefinition[];
  connections: ConnectionConfig[];
  accounts?: AccountConfig[];
  /** What goes wrong from the start, and again after a reset. */
  faults?: FaultConfig[];
  /**
   * The connections in it list these tools in place of those that their servers offer. In a config file the name of
   * a `tools.lock.json`, relative to the config.
   */
  tools_lock?: Lockfile;
}

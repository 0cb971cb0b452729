import { z } from 'zod';
import { faultConfigSchema } from '../faults/schema.ts';

/**
 * The shapes, without what only makes sense together: see check-connector.ts and check-config.ts. The
 * config's own parts are strict, so that a misspelt key is not passed over; a connector is Scalekit's
 * payload and may carry what Scalekit adds to it.
 */
const text = (most: number) =>
  z.string().min(1, 'must not be empty').max(most, `is longer than ${most} characters`);

/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

const seconds = z.number().int('must be whole seconds').positive('must be more than 0').max(31_536_000);

const field = z.looseObject({
  field_name: text(100),
  label: z.string().optional(),
  hint: z.string().optional(),
  input_type: z.enum(['text', 'password', 'select']).optional(),
  required: z.boolean().optional(),
  is_path_param: z.boolean().optional(),
});

const mutation = z.strictObject({
  default: z.string().optional(),
  prefix: z.string().optional(),
  suffix: z.string().optional(),
});

const oauthConfig = z.looseObject({
  authorize_uri: z.string().optional(),
  token_uri: z.string().optional(),
  user_info_uri: z.string().optional(),
  available_scopes: z
    .array(
      z.looseObject({
        scope: text(500).regex(SCOPE, 'is not a scope'),
        display_name: z.string().optional(),
        description: z.string().optional(),
        required: z.boolean().optional(),
      }),
    )
    .optional(),
  pkce_enabled: z.boolean().optional(),
  custom_scope_name: z.string().optional(),
  allow_use_scalekit_credentials: z.boolean().optional(),
});

const authType = z.enum(['OAUTH', 'BASIC', 'BEARER', 'API_KEY', 'NO_AUTH']);

const pattern = z.looseObject({
  type: authType,
  display_name: z.string().optional(),
  description: z.string().optional(),
  fields: z.array(field).optional(),
  account_fields: z.array(field).optional(),
  oauth_config: oauthConfig.optional(),
  auth_header_key_override: z
    .string()
    .regex(/^$|^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a header name')
    .optional(),
  auth_field_mutations: z
    .strictObject({
      api_key: mutation.optional(),
      token: mutation.optional(),
      username: mutation.optional(),
      password: mutation.optional(),
    })
    .optional(),
  is_mcp: z.boolean().optional(),
});

export const connectorSchema = z.looseObject({
  display_name: z
    .string()
    .min(1, 'must not be empty')
    .max(199, 'must have fewer than 200 characters')
    .regex(/^[a-zA-Z0-9 ]*$/, 'may hold letters, digits and spaces only'),
  description: z.string().optional(),
  proxy_url: text(2048),
  proxy_enabled: z.boolean().optional(),
  icon_src: z
    .string()
    .max(2048, 'is longer than 2048 characters')
    .regex(/^$|^https:\/\//, 'must be https://')
    .optional(),
  metadata: z
    .record(
      z.string().min(3, 'keys have 3 to 25 characters').max(25, 'keys have 3 to 25 characters'),
      z.string().min(1, 'values have 1 to 256 characters').max(256, 'values have 1 to 256 characters'),
    )
    .refine((pairs) => Object.keys(pairs).length <= 20, 'has more than 20 pairs')
    .optional(),
  auth_patterns: z.array(pattern).min(1, 'needs at least one pattern'),
  /** Each is held against the format of custom tools. */
  tools: z.array(z.unknown()).optional(),
});

/** A file has been read, and held against all of its format, when this is asked. */
const toolsLock = z.looseObject({
  lockfileVersion: z.literal(1),
  connections: z.record(
    z.string(),
    z.looseObject({ provider: z.string(), tools: z.record(z.string(), z.looseObject({})) }),
  ),
});

/** As the SDK's descriptors have it for `connector`. */
const connectionName = text(400).regex(
  /^[a-zA-Z0-9_: -]*$/,
  'may hold letters, digits, spaces, and _ : - only',
);

const connectionSchema = z.strictObject({
  name: connectionName,
  connector: text(200),
  auth_type: authType.optional(),
  oauth: z
    .strictObject({
      client_id: text(1000),
      client_secret: z.string().optional(),
      scopes: z.array(z.string().regex(SCOPE, 'is not a scope')).optional(),
      token_endpoint_auth_method: z.enum(['client_secret_basic', 'client_secret_post']).optional(),
    })
    .optional(),
  tools_lock: toolsLock.optional(),
});

const accountSchema = z.strictObject({
  connection: z.string(),
  identifier: text(100),
  status: z.enum(['ACTIVE', 'EXPIRED', 'PENDING_AUTH', 'PENDING_VERIFICATION', 'DISCONNECTED']).optional(),
  credentials: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

export const configSchema = z.strictObject({
  environment: z
    .strictObject({
      client_id: text(200).optional(),
      client_secret: text(1000).optional(),
      token_lifetime: seconds.optional(),
      link_lifetime: seconds.optional(),
      refresh_ahead: seconds.optional(),
      user_verification: z.enum(['off', 'custom']).optional(),
      webhooks: z.array(z.strictObject({ url: text(2000), secret: text(200) })).optional(),
    })
    .optional(),
  allow_hosts: z.array(text(253)).optional(),
  /** Each is looked at by itself. */
  connectors: z.array(z.unknown()),
  connections: z.array(connectionSchema),
  accounts: z.array(accountSchema).optional(),
  faults: z.array(faultConfigSchema).optional(),
  tools_lock: toolsLock.optional(),
});

import { z } from 'zod';
import { isoTime } from '../clock.ts';
import type { ConnectionConfig, ConnectorDefinition } from '../config/types.ts';
import type { KeptFault } from '../faults/fault-store.ts';
import type { OAuthCredentials } from '../state/accounts.ts';
import type { Registration } from '../state/oauth-clients.ts';

export const SNAPSHOT_FORMAT = 'sk-connect-sandbox';
export const SNAPSHOT_VERSION = 1;

/** ISO 8601 in the file, milliseconds since the epoch here. */
const time = z.codec(z.iso.datetime({ error: 'is not a time such as 2027-01-31T12:00:00Z' }), z.number(), {
  decode: (text) => Date.parse(text),
  encode: isoTime,
});
/** For what is checked elsewhere: that it has at least these parts. */
function shaped(shape: z.ZodRawShape): (value: unknown) => boolean {
  const schema = z.looseObject(shape);
  return (value) => schema.safeParse(value).success;
}

const hash = z.string().optional();
const jsonObject = z.record(z.string(), z.json());

/** What an MCP server's authorization server said of itself, and the client that registered there. */
const discoveredClient = z.custom<NonNullable<OAuthCredentials['issuedBy']>>(
  shaped({
    server: z.looseObject({ issuer: z.string() }),
    client: z.looseObject({ client_id: z.string() }),
    resource: z.string(),
    scopes: z.array(z.string()),
  }),
  'is no registered client',
);

const oauthCredentials = z.strictObject({
  kind: z.literal('oauth'),
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  scopes: z.array(z.string()),
  expiresAt: time.optional(),
  issuedAt: time.optional(),
  issuedBy: discoveredClient.optional(),
});

const credentials = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('static'), details: jsonObject }),
  oauthCredentials,
]);

const accountRecord = z.strictObject({
  connectedAccountId: z.string().min(1),
  connectionName: z.string(),
  identifier: z.string().min(1),
  status: z.enum(['ACTIVE', 'EXPIRED', 'PENDING_AUTH', 'PENDING_VERIFICATION', 'DISCONNECTED']),
  updatedAt: time,
  lastUsedAt: time.optional(),
  organizationId: z.string().optional(),
  userId: z.string().optional(),
  /** Missing in a snapshot without secrets, as is what of `apiConfig` the connector declares to be a password. */
  credentials: credentials.optional(),
  apiConfig: jsonObject.optional(),
  /** The hash of what the config says of this account: where that was changed since, the config has the last word. */
  configured: hash,
});

const linkRecord = z.strictObject({
  id: z.string().min(1),
  connectedAccountId: z.string(),
  expiresAt: time,
  used: z.boolean(),
  failure: z.strictObject({ error: z.string(), description: z.string().optional() }).optional(),
  userVerifyUrl: z.string().optional(),
  /** The caller's own; missing without secrets, as it proves to the caller where the browser comes from. */
  requestedState: z.string().optional(),
  /** Missing in a snapshot without secrets: the link then comes back under another URL. */
  token: z.string().optional(),
  formToken: z.string().optional(),
});

const connectorRecord = z.strictObject({
  identifier: z.string(),
  /** Checked as a config's. */
  definition: z.custom<ConnectorDefinition>(
    shaped({ display_name: z.string().min(1) }),
    'needs a display_name',
  ),
  createdAt: time,
  updatedAt: time,
  configured: hash,
});

const connectionRecord = z.strictObject({
  /** As an entry of a config's `connections`, and checked as one. */
  connection: z.custom<ConnectionConfig>(
    shaped({ name: z.string(), connector: z.string() }),
    'needs name and connector',
  ),
  createdAt: time,
  configured: hash,
});

const faultRecord = z.custom<KeptFault>(
  shaped({
    id: z.string(),
    match: z.looseObject({}),
    effect: z.looseObject({}),
    hits: z.int(),
    dice: z.array(z.int32()).length(4).optional(),
  }),
  'needs id, match, effect and hits, and as dice four numbers',
);

const verificationRecord = z.strictObject({
  authRequestId: z.string().min(1),
  linkId: z.string(),
  credentials: oauthCredentials,
  apiConfig: jsonObject,
  expiresAt: time,
});

/** The client of an MCP connection: a provider would collect one for every run. */
const registrationRecord = z.strictObject({
  connectionName: z.string(),
  issuer: z.string(),
  redirectUri: z.string(),
  client: z.custom<Registration['client']>(shaped({ client_id: z.string() }), 'needs a client_id'),
});

/** What stays the same from one run to the next, so that what was given out stays good. */
const environmentRecord = z.strictObject({
  clientId: z.string(),
  clientSecret: z.string(),
  controlToken: z.string(),
  /** The private key of the environment's tokens. */
  signingKey: z.strictObject({
    kty: z.literal('EC'),
    crv: z.string(),
    x: z.string(),
    y: z.string(),
    d: z.string(),
  }),
  /** The last port: the tokens' issuer. */
  port: z.int().optional(),
});

/** What a sandbox has become beyond its config. A section that is missing is empty. */
export const snapshotSchema = z.strictObject({
  format: z.literal(SNAPSHOT_FORMAT),
  version: z.literal(SNAPSHOT_VERSION),
  takenAt: time,
  includesSecrets: z.boolean(),
  environment: environmentRecord.optional(),
  clock: z.strictObject({ offsetMs: z.number(), frozenAt: time.nullable() }).optional(),
  connectors: z.array(connectorRecord).default([]),
  connections: z.array(connectionRecord).default([]),
  /** What the config has and the sandbox has not any more. */
  removed: z
    .strictObject({
      connectors: z.array(z.string()).default([]),
      connections: z.array(z.string()).default([]),
      accounts: z.array(z.strictObject({ connectionName: z.string(), identifier: z.string() })).default([]),
    })
    .default({ connectors: [], connections: [], accounts: [] }),
  accounts: z.array(accountRecord).default([]),
  links: z.array(linkRecord).default([]),
  verifications: z.array(verificationRecord).default([]),
  /** None in a snapshot without secrets. */
  registrations: z.array(registrationRecord).default([]),
  /** The config's where it is missing. */
  faults: z.array(faultRecord).optional(),
});

/** What is not used now back into what it was read from. */
export function encodeSetAside(setAside: SetAside): Pick<SnapshotDocument, keyof SetAside> {
  const { connectors, connections, accounts, registrations } = snapshotSchema.shape;
  return {
    connectors: z.encode(connectors, setAside.connectors) ?? [],
    connections: z.encode(connections, setAside.connections) ?? [],
    accounts: z.encode(accounts, setAside.accounts) ?? [],
    registrations: z.encode(registrations, setAside.registrations) ?? [],
  };
}

/** Records that have no place in a sandbox of this config. */
export type SetAside = Pick<Snapshot, 'connectors' | 'connections' | 'accounts' | 'registrations'>;

/** As it is in a file. */
export type SnapshotDocument = z.input<typeof snapshotSchema>;
/** As it was read: times are numbers, what may be missing is there. */
export type Snapshot = z.output<typeof snapshotSchema>;
export type AccountRecord = z.output<typeof accountRecord>;

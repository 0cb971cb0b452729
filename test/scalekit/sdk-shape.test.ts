import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CoreClient,
  ErrorInfoSchema,
  GrpcConnect,
  loadAccountsSdk,
  loadConnectionsSdk,
  loadToolsSdk,
} from '../../src/scalekit/sdk.ts';
import { type Attempt, CLIENT_ID, CLIENT_SECRET, scriptedServer } from './scripted-server.ts';

const require = createRequire(import.meta.url);
const ENV_URL = 'http://127.0.0.1:1';
const newCore = (envUrl = ENV_URL) => new CoreClient(envUrl, CLIENT_ID, CLIENT_SECRET);

async function versionOf(packageFile: string): Promise<string> {
  return (JSON.parse(await readFile(packageFile, 'utf8')) as { version: string }).version;
}

describe('the package', () => {
  it('is pinned to the one version that this folder was written for', async () => {
    const ours = JSON.parse(await readFile(require.resolve('../../package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(ours.devDependencies['@scalekit-sdk/node']).toBe('2.11.0');
    const sdkFolder = dirname(dirname(require.resolve('@scalekit-sdk/node/lib/core.js')));
    expect(await versionOf(join(sdkFolder, 'package.json'))).toBe('2.11.0');
  });

  it.each([
    'lib/core.js',
    'lib/connect.js',
    'lib/tools.js',
    'lib/connected-accounts.js',
    'lib/connection.js',
    'lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js',
    'lib/pkg/grpc/scalekit/v1/tools/tools_pb.js',
    'lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js',
    'lib/pkg/grpc/scalekit/v1/connections/connections_pb.js',
  ])('holds %s', (file) => {
    expect(() => require.resolve(`@scalekit-sdk/node/${file}`)).not.toThrow();
  });

  it.each(['axios', '@connectrpc/connect', '@connectrpc/connect-node', '@bufbuild/protobuf'])(
    'shares our copy of %s, without which no instanceof would hold',
    (name) => {
      const theirs = createRequire(require.resolve('@scalekit-sdk/node/lib/core.js'));
      expect(theirs.resolve(name)).toBe(require.resolve(name));
    },
  );
});

describe('CoreClient', () => {
  it('has the members that are used', () => {
    const core = newCore();
    expect(core).toMatchObject({
      envUrl: ENV_URL,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      accessToken: null,
      userAgent: expect.stringMatching(/^Scalekit-Node\/2\.11\.0 /) as unknown,
      sdkVersion: 'Scalekit-Node/2.11.0',
      apiVersion: expect.stringMatching(/^\d{8}$/) as unknown,
      timeoutMs: 20_000,
      toolTimeoutMs: 60_000,
    });
    expect(core.axios.interceptors.request.use).toBeTypeOf('function');
    expect(Object.getOwnPropertyNames(CoreClient.prototype)).toEqual(
      expect.arrayContaining(['authenticate', 'connectExec']),
    );
  });

  it('sends what authenticate() is given, and no token with it', async () => {
    const server = await scriptedServer({ token: (response) => response.end('{}') });
    const core = newCore(server.origin);
    core.accessToken = 'old';
    await core.authenticate('a=1');
    const [{ method, url, body, headers } = {} as Attempt] = server.attempts;
    expect(`${method} ${url} ${body.toString()}`).toBe('POST /oauth/token a=1');
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(headers.authorization).toBeUndefined();
  });
});

describe('the clients', () => {
  type SdkClient = new (
    grpc: InstanceType<typeof GrpcConnect>,
    core: InstanceType<typeof CoreClient>,
  ) => object;
  /** Every method of each client that this folder calls, with arguments that get it to its RPC. */
  const used: [client: string, load: () => Promise<SdkClient>, methods: Record<string, unknown[]>][] = [
    [
      'ToolsClient',
      async () => (await loadToolsSdk()).ToolsClient,
      {
        listTools: [{}],
        listScopedTools: ['u', { filter: {} }],
        listAvailableTools: ['u'],
        executeTool: [{ toolName: 't' }],
      },
    ],
    [
      'ConnectedAccountsClient',
      async () => (await loadAccountsSdk()).ConnectedAccountsClient,
      {
        listConnectedAccounts: [{}],
        createConnectedAccount: [{ connector: 'c', identifier: 'u', connectedAccount: {} }],
        updateConnectedAccount: [{ connector: 'c', identifier: 'u', connectedAccount: {} }],
        getMagicLinkForConnectedAccount: [{ connector: 'c', identifier: 'u' }],
      },
    ],
    [
      'ConnectionClient',
      async () => (await loadConnectionsSdk()).ConnectionClient,
      { listAppConnections: [{}] },
    ],
  ];

  it.each(used)(
    '%s gets its RPCs from GrpcConnect.createClient and runs them all in core.connectExec',
    async (_, load, methods) => {
      const created: string[] = [];
      const executed: unknown[] = [];
      const rpcs: Record<string, () => void> = {};
      const core = newCore();
      class Grpc extends GrpcConnect {
        override createClient(service: { typeName: string; method: Record<string, unknown> }) {
          created.push(service.typeName);
          for (const name of Object.keys(service.method)) rpcs[name] = () => {};
          return rpcs as never;
        }
      }
      core.connectExec = async (rpc: unknown) => {
        executed.push(rpc);
        return {} as never;
      };
      const client = new (await load())(new Grpc(core), core) as Record<
        string,
        (...args: unknown[]) => Promise<unknown>
      >;
      expect(created).toHaveLength(1);
      for (const [name, args] of Object.entries(methods)) {
        executed.length = 0;
        await client[name]?.(...args);
        expect(executed, name).toEqual([rpcs[name]]);
      }
    },
  );

  it('know the states and schemas that are read by name', async () => {
    const accounts = await loadAccountsSdk();
    expect(accounts.ConnectorStatus[1]).toBe('ACTIVE');
    expect(accounts.ConnectorType[accounts.ConnectorType.OAUTH]).toBe('OAUTH');
    expect(accounts.AuthorizationDetailsSchema.oneofs.map(({ name }) => name)).toEqual(['details']);
    expect(accounts.AuthorizationDetailsSchema.fields.map(({ localName }) => localName)).toEqual(
      expect.arrayContaining(['oauthToken', 'staticAuth']),
    );
    const { getConnectedAccountDetails } = accounts.ConnectedAccountService.method;
    expect(getConnectedAccountDetails.input).toBe(accounts.GetConnectedAccountByIdentifierRequestSchema);
    expect(getConnectedAccountDetails.input.fields.map(({ localName }) => localName)).toEqual(
      expect.arrayContaining(['id', 'connector', 'identifier']),
    );
    expect(ErrorInfoSchema.fields.map(({ localName }) => localName)).toEqual(
      expect.arrayContaining(['errorCode', 'toolErrorInfo']),
    );
    const connections = await loadConnectionsSdk();
    expect(connections.ConnectionType[connections.ConnectionType.OAUTH]).toBe('OAUTH');
    expect(connections.ConnectionStatus).toBeTypeOf('object');
  });
});

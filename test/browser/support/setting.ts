import type { ScalekitClient } from '@scalekit-sdk/node';
import { onTestFinished } from 'vitest';
import type { ConnectorDefinition, SandboxConfig } from '../../../src/sandbox/config/types.ts';
import { type DemoProviders, startDemoProviders } from '../../../src/sandbox/demo/providers.ts';
import type { Sandbox } from '../../../src/sandbox/start.ts';
import { connector, sandboxWith, signedInSdk } from '../../sandbox/support/sandbox.ts';

export interface Setting {
  sandbox: Sandbox;
  demo: DemoProviders;
  sdk: ScalekitClient;
  clock: { now: number };
  /** A new link, for a user who may be new too. */
  link(connectionName: string, identifier?: string): Promise<string>;
  statusOf(identifier: string): string | undefined;
}

const EVERY_FIELD: ConnectorDefinition = connector({
  display_name: 'Acme Helpdesk',
  proxy_url: 'https://{{domain}}/api/v2',
  auth_patterns: [
    {
      type: 'BASIC',
      description: 'Sign in with the API key of your Acme profile.',
      fields: [
        { field_name: 'domain', label: 'Acme domain', hint: 'yourcompany.acme.example', required: true },
        {
          field_name: 'username',
          label: 'API key',
          hint: 'Profile, then API',
          input_type: 'password',
          required: true,
        },
        {
          field_name: 'region',
          label: 'Region',
          input_type: 'select',
          required: true,
          options: ['eu', { value: 'us', label: 'United States' }],
        } as { field_name: string },
        { field_name: 'note', label: 'Note for your colleagues' },
      ],
    },
  ],
});

function tenants({ config }: DemoProviders): ConnectorDefinition {
  const [notes] = config.connectors;
  const [pattern] = notes?.auth_patterns ?? [];
  if (!notes || !pattern) throw new Error('the demo has no notes');
  const tenant = { field_name: 'tenant', label: 'Tenant', required: true, is_path_param: true };
  return {
    ...notes,
    display_name: 'Tenant Notes',
    auth_patterns: [{ ...pattern, account_fields: [tenant] }],
  };
}

/** The demo's providers, and connectors with every kind of field. */
export async function setting(environment: SandboxConfig['environment'] = {}): Promise<Setting> {
  const demo = await startDemoProviders();
  onTestFinished(() => demo.close());
  const clock = { now: Date.now() };
  const oauth = demo.config.connections.find(({ name }) => name === 'notes-demo')?.oauth;
  const config: SandboxConfig = {
    environment,
    connectors: [...demo.config.connectors, EVERY_FIELD, tenants(demo)],
    connections: [
      ...demo.config.connections,
      { name: 'helpdesk', connector: 'acme-helpdesk' },
      { name: 'tenant-notes', connector: 'tenant-notes', ...(oauth && { oauth }) },
    ],
  };
  const sandbox = await sandboxWith(config, { now: () => clock.now });
  const sdk = await signedInSdk(sandbox);
  return {
    sandbox,
    demo,
    sdk,
    clock,
    link: async (connectionName, identifier = 'ada@example.com') => {
      await sdk.actions.getOrCreateConnectedAccount({ connectionName, identifier });
      return (await sdk.actions.getAuthorizationLink({ connectionName, identifier })).link;
    },
    statusOf: (identifier) =>
      sandbox.control.accounts().find((account) => account.identifier === identifier)?.status,
  };
}

import type { ConnectorDefinition, SandboxConfig } from '../config/types.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { NOTES_SCOPES } from './notes-api.ts';

export interface DemoOrigins {
  authorization: string;
  notes: string;
  weather: string;
  docs: string;
}

function notesConnector(server: AuthorizationServer, origin: string): ConnectorDefinition {
  return {
    display_name: 'Demo Notes',
    description: 'A notes API behind OAuth 2.0 with PKCE and refresh tokens',
    proxy_url: origin,
    proxy_enabled: true,
    auth_patterns: [
      {
        type: 'OAUTH',
        display_name: 'OAuth 2.0',
        description: 'Authorize with your Demo Notes account',
        fields: [],
        oauth_config: {
          authorize_uri: server.authorizeUri,
          token_uri: server.tokenUri,
          pkce_enabled: true,
          available_scopes: [
            { scope: 'notes:read', display_name: 'Read notes', description: 'Read notes', required: true },
            {
              scope: 'notes:write',
              display_name: 'Write notes',
              description: 'Create and delete notes',
              required: false,
            },
          ],
        },
      },
    ],
  };
}

function weatherConnector(origin: string): ConnectorDefinition {
  return {
    display_name: 'Demo Weather',
    description: 'A weather API with an API key in a header of its own',
    proxy_url: origin,
    proxy_enabled: true,
    auth_patterns: [
      {
        type: 'API_KEY',
        display_name: 'API key',
        description: 'Sent as X-Api-Key',
        fields: [
          {
            field_name: 'api_key',
            label: 'API key',
            hint: 'The key that Demo Weather gave you',
            input_type: 'password',
            required: true,
          },
        ],
        auth_header_key_override: 'X-Api-Key',
      },
    ],
  };
}

function docsConnector(origin: string): ConnectorDefinition {
  return {
    display_name: 'Demo Docs',
    description: 'An MCP server that needs no credentials',
    proxy_url: `${origin}/mcp`,
    proxy_enabled: true,
    auth_patterns: [
      { type: 'NO_AUTH', display_name: 'None', description: 'Open to everybody', fields: [], is_mcp: true },
    ],
  };
}

/** The sandbox's configuration for the demo providers; it holds the OAuth client's secret. */
export function demoConfig(origins: DemoOrigins, server: AuthorizationServer): SandboxConfig {
  return {
    connectors: [
      notesConnector(server, origins.notes),
      weatherConnector(origins.weather),
      docsConnector(origins.docs),
    ],
    connections: [
      {
        name: 'notes-demo',
        connector: 'demo-notes',
        auth_type: 'OAUTH',
        oauth: {
          client_id: server.clientId,
          client_secret: server.clientSecret,
          scopes: [...NOTES_SCOPES],
        },
      },
      { name: 'weather-demo', connector: 'demo-weather', auth_type: 'API_KEY' },
      { name: 'docs-demo', connector: 'demo-docs', auth_type: 'NO_AUTH' },
    ],
  };
}

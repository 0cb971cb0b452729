import { randomBytes } from 'node:crypto';
import type { SandboxConfig } from '../config/types.ts';
import { startAuthorizationServer } from './authorization-server.ts';
import { type DemoOrigins, demoConfig } from './demo-config.ts';
import { startMcpServer } from './mcp-server.ts';
import { NOTES_AUDIENCE, NOTES_SCOPES, startNotesApi } from './notes-api.ts';
import { startWeatherApi } from './weather-api.ts';

export interface DemoProviders {
  /** A complete configuration with the connections `notes-demo`, `weather-demo` and `docs-demo`. */
  config: SandboxConfig;
  /** `http://127.0.0.1:<port>` of each server. */
  origins: DemoOrigins;
  /** What the credentials form of `weather-demo` takes as `api_key`; new at every start. */
  weatherApiKey: string;
  /** Stops every server and cuts its connections. */
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

/**
 * Starts the demo's authorization server, notes API, weather API and MCP server, each on a free port of
 * 127.0.0.1. When one of them cannot start, those that did are stopped and its error is thrown.
 */
export async function startDemoProviders(): Promise<DemoProviders> {
  const started: Closable[] = [];
  const start = async <Server extends Closable>(starting: Promise<Server>): Promise<Server> => {
    const server = await starting;
    started.push(server);
    return server;
  };
  const close = async () => {
    await Promise.all(started.map((server) => server.close()));
  };
  try {
    const weatherApiKey = `wk_${randomBytes(24).toString('base64url')}`;
    const authorization = await start(
      startAuthorizationServer({ audience: NOTES_AUDIENCE, scopes: NOTES_SCOPES }),
    );
    const notes = await start(startNotesApi({ ...authorization, audience: NOTES_AUDIENCE }));
    const weather = await start(startWeatherApi(weatherApiKey));
    const docs = await start(startMcpServer());
    const origins = {
      authorization: authorization.issuer,
      notes: notes.origin,
      weather: weather.origin,
      docs: docs.origin,
    };
    return { config: demoConfig(origins, authorization), origins, weatherApiKey, close };
  } catch (error) {
    await close();
    throw error;
  }
}

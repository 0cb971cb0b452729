import http from 'node:http';
import https from 'node:https';
import { tunnelTo } from './tunnel.ts';

/** In axios' words. */
interface AgentConfig {
  httpAgent?: http.Agent;
  httpsAgent?: https.Agent;
}

/** The HTTP/1.1 connections to an environment. */
export interface HttpAgents {
  /** A connection that another call has used before, if there is one. The server may be about to close it. */
  kept: AgentConfig;
  /** A connection of the call's own. */
  own: AgentConfig;
  /** Ends all of them. */
  close(): void;
}

/** Whether a proxy is on the way, through which axios opens a tunnel for each call. */
export function isTunnelled(envUrl: string): boolean {
  return tunnelTo(envUrl) !== undefined;
}

export function createHttpAgents(envUrl: string): HttpAgents {
  if (isTunnelled(envUrl)) return { kept: {}, own: {}, close: () => {} };
  const { Agent } = envUrl.startsWith('https:') ? https : http;
  const kept = new Agent({ keepAlive: true });
  // With `keepAlive: false` Node would cut the body off where an answer comes first.
  const own = Object.assign(new Agent({ keepAlive: true }), { keepSocketAlive: () => false });
  return {
    kept: agentConfig(kept),
    own: agentConfig(own),
    close: () => {
      kept.destroy();
      own.destroy();
    },
  };
}

export function agentConfig(agent: http.Agent | https.Agent): AgentConfig {
  return agent instanceof https.Agent ? { httpsAgent: agent } : { httpAgent: agent };
}

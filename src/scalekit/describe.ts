import { EventEmitter } from 'node:events';
import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import { Socket } from 'node:net';
import type { Environment } from '../config/settings.ts';
import type { HeaderList } from '../http/headers.ts';
import { createCore } from './core.ts';
import { agentConfig, type HttpAgents, isTunnelled } from './http-agents.ts';
import { checkProxyCall, type ProxyCall } from './proxy-input.ts';
import { requestConfig } from './proxy-request.ts';

/** The head of a request, byte for byte as it would leave, but for the environment's token: that is `***`. */
export interface DescribedRequest {
  method: string;
  /** As the request line has it: the path on the environment, with its query. */
  target: string;
  /** Whole. */
  url: string;
  headers: HeaderList;
}

/**
 * What `sendThroughProxy` would send. It goes through the same client and Node's own writer, over a connection that
 * leads nowhere: no token is fetched, no body opened. Throws a usage error for what must not be sent.
 */
export async function describeRequest(
  environment: Environment,
  call: ProxyCall,
  signal: AbortSignal,
): Promise<DescribedRequest> {
  checkProxyCall(call);
  const { agents, head } = recordingAgents(environment.envUrl);
  const core = createCore(environment, agents, signal);
  core.accessToken = '***';
  const config = requestConfig(environment.envUrl, call);
  const pipe = (request: ClientRequest) => {
    if (call.body === undefined) request.end();
    else request.flushHeaders();
    void head.then(() => request.destroy());
  };
  const data = Object.assign(new EventEmitter(), { pipe });
  // There is no answer: it ends when the head is there. A proxy on the way is not asked.
  const sending = core.axios.request({ ...config, ...agents.kept, data, proxy: false });
  const text = await Promise.race([head, sending.then(() => '')]);
  await sending.catch(() => {});
  return { ...parseHead(text), url: config.url };
}

function recordingAgents(envUrl: string): { agents: HttpAgents; head: Promise<string> } {
  const { Agent } = envUrl.startsWith('https:') ? https : http;
  let text = '';
  let onHead = (_head: string) => {};
  const head = new Promise<string>((resolve) => {
    onHead = resolve;
  });
  const createConnection = () => {
    const socket = new Socket();
    return Object.assign(socket, {
      _write: (chunk: Buffer, _encoding: string, done: () => void) => {
        text += chunk.toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        if (end >= 0) onHead(text.slice(0, end));
        done();
      },
      _writev: null,
    });
  };
  // A tunnel through a proxy is closed after each call, and the header says so.
  const agent = Object.assign(new Agent({ keepAlive: !isTunnelled(envUrl) }), { createConnection });
  const config = agentConfig(agent);
  return { agents: { kept: config, own: config, close: () => agent.destroy() }, head };
}

function parseHead(text: string): Pick<DescribedRequest, 'method' | 'target' | 'headers'> {
  const [line = '', ...headers] = text.split('\r\n');
  const [method = '', target = ''] = line.split(' ');
  return {
    method,
    target,
    headers: headers.map((header) => {
      const at = header.indexOf(':');
      return [header.slice(0, at), header.slice(at + 1).trim()];
    }),
  };
}

// The providers of the load test: an API, its token endpoint, an MCP server; in a process of their own that ends with its parent.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

/** Short, so that refreshes are under way all the time. */
const TOKEN_LIFETIME_S = 2;

/** Good until when, by access token. A refresh token is good once: its number is the one that is due. */
const goodUntil = new Map();
const due = new Map();

const server = createServer((request, response) => {
  const [, kind] = request.url.split(/[/?]/);
  const answer = { api: echo, oauth: guarded, token: refresh, mcp, hang, stream }[kind];
  // Who stops in the middle of a request is a client as well.
  if (answer) Promise.resolve(answer(request, response)).catch(() => response.destroy());
  else response.writeHead(404).end();
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());

/** What was sent comes back, and with which credential. */
async function echo(request, response) {
  const body = Buffer.concat(await request.toArray());
  response.setHeader('x-authorization', request.headers.authorization ?? '');
  response.setHeader('content-type', 'application/octet-stream');
  if (request.method === 'GET') response.end(request.url);
  else response.end(body);
}

function guarded(request, response) {
  const token = request.headers.authorization?.replace('Bearer ', '');
  if ((goodUntil.get(token) ?? 0) > Date.now()) response.end('in');
  else response.writeHead(401).end(`${token} is not good`);
}

/** Rotates: the refresh token of before is refused (RFC 9700 section 4.14.2). */
async function refresh(request, response) {
  const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
  const [, user, number] = /^refresh-(\d+)-(\d+)$/.exec(form.get('refresh_token')) ?? [];
  await sleep(5 + Math.random() * 20);
  response.setHeader('content-type', 'application/json');
  if (Number(number) !== (due.get(user) ?? 0)) {
    response.writeHead(400).end(JSON.stringify({ error: 'invalid_grant', error_description: 'used before' }));
    return;
  }
  const next = Number(number) + 1;
  due.set(user, next);
  const access_token = `access-${user}-${next}`;
  // A little more than is said: what was fresh when it left the sandbox is not refused on arrival.
  goodUntil.set(access_token, Date.now() + TOKEN_LIFETIME_S * 1000 + 1000);
  const answer = {
    access_token,
    token_type: 'Bearer',
    expires_in: TOKEN_LIFETIME_S,
    refresh_token: `refresh-${user}-${next}`,
  };
  response.end(JSON.stringify(answer));
}

async function mcp(request, response) {
  const protocol = new Server({ name: 'load', version: '1.0.0' }, { capabilities: { tools: {} } });
  const tools = ['echo', 'hang'].map((name) => ({ name, inputSchema: { type: 'object' } }));
  protocol.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
  protocol.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    params.name === 'hang'
      ? new Promise(() => {})
      : { content: [{ type: 'text', text: String(params.arguments?.text) }] },
  );
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.on('close', () => void protocol.close());
  await protocol.connect(transport);
  await transport.handleRequest(request, response);
}

function hang() {}

function stream(_request, response) {
  const writing = setInterval(() => response.write('more\n'), 10);
  response.on('close', () => clearInterval(writing));
}

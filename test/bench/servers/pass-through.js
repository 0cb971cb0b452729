// The barest gateway that undici makes, before the port that is given, in a process of its own: what the sandbox's proxy is held against.
import { createServer } from 'node:http';
import { Agent } from 'undici';

const upstream = `http://127.0.0.1:${process.argv[2]}`;
const agent = new Agent();

const server = createServer((request, response) => {
  const { method, url, headers } = request;
  const body = method === 'GET' ? null : request;
  agent
    .stream({ origin: upstream, path: url, method, headers, body, opaque: response }, answer)
    .catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());

function answer({ statusCode, headers, opaque: response }) {
  response.writeHead(statusCode, headers);
  return response;
}

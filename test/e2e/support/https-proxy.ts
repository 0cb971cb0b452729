import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { tlsFront } from './tls-front.ts';

const file = (name: string) => fileURLToPath(new URL(`tls/${name}`, import.meta.url));

/** Signed by itself for `environment.test`, a name that nothing resolves: only the proxy finds the way. */
export const CERTIFICATE = file('certificate.pem');

export interface ProxiedEnvironment {
  envUrl: string;
  /** With the user name and password it asks for. */
  proxyUrl: string;
  /** What was asked for: `environment.test:443`, oldest first. */
  tunnels: string[];
  close(): void;
}

/** TLS in front of a plain environment, reached only through a proxy that asks who is there. */
export async function proxiedEnvironment(port: number): Promise<ProxiedEnvironment> {
  const sockets = new Set<Socket>();
  const tunnels: string[] = [];
  const options = { key: readFileSync(file('key.pem')), cert: readFileSync(CERTIFICATE) };
  const tls = tlsFront(options, port);
  tls.on('secureConnection', (socket: Socket) => sockets.add(socket));
  await listen(tls);

  const proxy = createServer((_request, response) => response.writeHead(400).end());
  proxy.on('connect', (request, client: Socket) => {
    tunnels.push(request.url ?? '');
    const isKnown =
      request.headers['proxy-authorization'] === `Basic ${Buffer.from('ada:opensesame').toString('base64')}`;
    if (!isKnown) return client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    return join(client, connect(portOf(tls), '127.0.0.1'), sockets);
  });
  await listen(proxy);

  return {
    envUrl: 'https://environment.test',
    proxyUrl: `http://ada:opensesame@127.0.0.1:${portOf(proxy)}`,
    tunnels,
    close: () => {
      for (const server of [proxy, tls]) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function join(one: Socket, other: Socket, sockets: Set<Socket>): void {
  for (const socket of [one, other]) {
    sockets.add(socket);
    socket.on('error', () => {});
  }
  one.pipe(other).pipe(one);
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

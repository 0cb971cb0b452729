import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { environmentOf, type PublishedServer, programOf } from './servers.ts';

export interface HttpServer {
  url: string;
  close(): Promise<void>;
}

/** A published server that serves streamable HTTP itself; its port is put where its flags or variables say `PORT`. */
export async function startHttpServer({
  args = [],
  env = {},
  ...server
}: PublishedServer): Promise<HttpServer> {
  const port = await freePort();
  const withPort = (text: string) => text.replace('PORT', String(port));
  const values = Object.entries(env).map(([name, value]) => [name, withPort(value)] as const);
  const child = spawn(process.execPath, [programOf(server), ...args.map(withPort)], {
    env: environmentOf({ env: Object.fromEntries(values) }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += String(chunk);
  });
  await untilListening(child, port, () => errors);
  return {
    url: `http://localhost:${port}/mcp`,
    close: async () => {
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(child: ChildProcess, port: number, errors: () => string): Promise<void> {
  const ended = once(child, 'close').then(([code]) => {
    throw new Error(`it ended with ${code}: ${errors()}`);
  });
  ended.catch(() => {});
  for (;;) {
    const socket = connect(port, 'localhost');
    const isThere = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      ended,
    ]);
    socket.destroy();
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A real HTTP server on a free port, gone when the test is. Returns its origin. */
export async function upstream(listener: RequestListener): Promise<string> {
  return listen(createServer(listener));
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface Recorder {
  origin: string;
  /** Everything the last connection received, as it was on the wire. */
  received: () => string;
  connections: number;
}

/** Keeps the very bytes it receives and answers each connection with the given ones. */
export async function recorder(answer: string): Promise<Recorder> {
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const recorded: Recorder = {
    origin: '',
    connections: 0,
    received: () => Buffer.concat(chunks).toString('latin1'),
  };
  const server = createTcpServer((socket) => {
    recorded.connections += 1;
    chunks.length = 0;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const text = recorded.received();
      const bodyAt = text.indexOf('\r\n\r\n');
      if (bodyAt < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
      const chunked = /\r\ntransfer-encoding: chunked/i.test(text);
      const complete = chunked ? text.endsWith('0\r\n\r\n') : text.length >= bodyAt + 4 + length;
      if (complete) socket.end(answer, 'latin1');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  recorded.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return recorded;
}

/** The header lines of a recorded request, without those that every HTTP client sends. */
export function headerLines(request: string): string[] {
  const [, ...lines] = (request.split('\r\n\r\n')[0] ?? '').split('\r\n');
  return lines.filter((line) => !/^(host|connection): /i.test(line));
}

export async function bodyText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

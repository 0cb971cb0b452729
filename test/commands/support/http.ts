import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestServer {
  origin: string;
  close(): Promise<void>;
}

export async function serve(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export type Answer = (request: Received, response: ServerResponse) => void;

export interface RestApi extends TestServer {
  /** Every request, oldest first. */
  received: Received[];
  /** What is answered at a path, whatever the query; 404 elsewhere. */
  at(path: string, answer: Answer): void;
}

/** The provider's side of proxied calls. */
export async function restApi(): Promise<RestApi> {
  const answers = new Map<string, Answer>();
  const received: Received[] = [];
  const server = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const whole = { method, url, headers, body: Buffer.concat(chunks) };
      received.push(whole);
      const answer = answers.get(url.split('?')[0] ?? '');
      if (answer) answer(whole, response);
      else response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"no such path"}');
    });
  });
  return { ...server, received, at: (path, answer) => void answers.set(path, answer) };
}

import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createSecureServer, type Http2SecureServer } from 'node:http2';

/**
 * TLS in front of a sandbox, for HTTP/1.1 and HTTP/2, as a reverse proxy that is told to: the sandbox is asked by a
 * name of loopback, the only ones that it answers to.
 */
export function tlsFront(options: { key: Buffer; cert: Buffer }, port: number): Http2SecureServer {
  const server = createSecureServer({ ...options, allowHTTP1: true });
  const authority = `127.0.0.1:${port}`;
  const inner = connect(`http://${authority}`);
  server.on('close', () => inner.destroy());
  server.on('request', (request, response) => {
    if (request.httpVersionMajor === 1) {
      forward(request as unknown as IncomingMessage, response as unknown as ServerResponse, port);
      return;
    }
    const call = inner.request({ ...request.headers, ':scheme': 'http', ':authority': authority });
    request.pipe(call);
    call.on('response', ({ ':status': status = 502, ...headers }) => {
      response.writeHead(status, headers);
      call.pipe(response);
    });
    // What gRPC tells its outcome in.
    call.on('trailers', (trailers) => response.addTrailers(trailers as Record<string, string>));
    call.on('error', () => response.destroy());
  });
  return server;
}

function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url: path, headers } = request;
  const call = httpRequest(
    { host: '127.0.0.1', port, method, path, headers: { ...headers, host: `127.0.0.1:${port}` } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  call.on('error', () => response.destroy());
  request.pipe(call);
}

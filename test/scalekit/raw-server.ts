import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One connection, and all that came over it but for sign-ins. */
export interface RawConnection {
  socket: Socket;
  received: Buffer;
}

export interface RawServer {
  origin: string;
  /** Those over which more than a sign-in came, oldest first. */
  connections: RawConnection[];
  /** How often it was signed in. */
  signIns(): number;
}

const TOKEN = 'raw-token-0123456789';

/**
 * A Scalekit of raw TCP: gives tokens, and leaves everything else to `onData`, which is called whenever bytes came.
 * Gone when the test is.
 */
export async function rawServer(onData: (connection: RawConnection) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const connections: RawConnection[] = [];
  let signIns = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    const connection: RawConnection = { socket, received: Buffer.alloc(0) };
    socket.on('data', (chunk) => {
      if (connection.received.length === 0 && chunk.toString('latin1').startsWith('POST /oauth/token')) {
        signIns++;
        const body = JSON.stringify({ access_token: TOKEN, token_type: 'Bearer', expires_in: 3600 });
        socket.write(answerOf('200 OK', body, ['content-type: application/json']));
        return;
      }
      if (!connections.includes(connection)) connections.push(connection);
      connection.received = Buffer.concat([connection.received, chunk]);
      onData(connection);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections,
    signIns: () => signIns,
  };
}

export function answerOf(status: string, body = '', headers: readonly string[] = []): string {
  return [`HTTP/1.1 ${status}`, ...headers, `content-length: ${body.length}`, '', body].join('\r\n');
}

/** A request as it came: its head line by line, and what follows. Undefined while the head is not whole. */
export function requestOf({ received }: RawConnection) {
  const text = received.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...headers] = text.slice(0, end).split('\r\n');
  return { line, headers, body: text.slice(end + 4) };
}

/** Whether a request came to its end, as its head says where that is. */
export function isWhole(connection: RawConnection): boolean {
  const request = requestOf(connection);
  if (request === undefined) return false;
  const { headers, body } = request;
  if (headers.some((header) => /^transfer-encoding: *chunked$/i.test(header)))
    return body.endsWith('0\r\n\r\n');
  const length = headers.find((header) => /^content-length:/i.test(header))?.split(':')[1];
  return body.length >= Number(length ?? 0);
}

/** Answers each whole request with the same. */
export function answering(answer: string): (connection: RawConnection) => void {
  return (connection) => {
    if (isWhole(connection)) connection.socket.write(answer);
  };
}

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** One answer in the pieces it is written in. */
export interface Answer {
  pieces: readonly Buffer[];
  /** The connection ends behind it, whatever it promised. */
  thenCloses: boolean;
}

export interface Recorded {
  /** As it arrived, up to and including the empty line. */
  head: string;
  /** Without the framing of chunks. */
  body: Buffer;
}

export interface Recorder {
  port: number;
  /** Oldest first. */
  recorded: Recorded[];
  /** One for each request to come; what comes beyond them is answered with 500. */
  willAnswer(answers: readonly Answer[]): void;
  close(): Promise<void>;
}

const UNEXPECTED = Buffer.from('HTTP/1.1 500 Not Expected\r\ncontent-length: 0\r\n\r\n');

/** A TCP server that keeps the bytes of each request and answers with the bytes it was given. */
export async function startRecorder(): Promise<Recorder> {
  const recorded: Recorded[] = [];
  const sockets = new Set<Socket>();
  let answers: Answer[] = [];

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    // The other side may leave whenever it likes.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    readRequests(socket, (request) => {
      recorded.push(request);
      return writeAnswer(socket, answers.shift() ?? { pieces: [UNEXPECTED], thenCloses: false });
    });
  });
  const port = await listen(server);
  return {
    port,
    recorded,
    willAnswer(next) {
      recorded.length = 0;
      answers = [...next];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function readRequests(socket: Socket, answer: (request: Recorded) => Promise<void>): void {
  let bytes: Buffer = Buffer.alloc(0);
  let last = Promise.resolve();
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let found = takeRequest(bytes); found !== undefined; found = takeRequest(bytes)) {
      const { request, rest } = found;
      bytes = rest;
      last = last.then(() => answer(request));
    }
  });
}

/** A whole message from the front (RFC 9112 section 6), or undefined while there is none. */
function takeRequest(bytes: Buffer): { request: Recorded; rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.subarray(0, end + 4).toString('latin1');
  const behind = bytes.subarray(end + 4);
  if (/^transfer-encoding: *chunked *\r$/im.test(head)) {
    const chunked = takeChunks(behind);
    return chunked && { request: { head, body: chunked.body }, rest: chunked.rest };
  }
  const length = Number(/^content-length: *(\d+) *\r$/im.exec(head)?.[1] ?? 0);
  if (behind.length < length) return undefined;
  return { request: { head, body: behind.subarray(0, length) }, rest: behind.subarray(length) };
}

function takeChunks(bytes: Buffer): { body: Buffer; rest: Buffer } | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    at = start + size + 2;
    if (bytes.length < at) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), rest: bytes.subarray(at) };
    chunks.push(bytes.subarray(start, start + size));
  }
}

async function writeAnswer(socket: Socket, { pieces, thenCloses }: Answer): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    // So that the pieces are segments of their own.
    if (index > 0) await new Promise((resolve) => setImmediate(resolve));
    if (socket.destroyed) return;
    await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
  }
  if (thenCloses) socket.end();
}

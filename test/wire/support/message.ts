import { Buffer } from 'node:buffer';
import type { Answer } from './recorder.ts';

type Bytes = string | Uint8Array;

/** What is expected at the upstream, in the parts that one request differs in from another. */
export interface Message {
  /** `GET /base/users` */
  line: string;
  accept?: string;
  acceptEncoding?: string;
  /** The content-type. */
  type?: string;
  /** What `-H` gave, in its order: `x-one: 1`. */
  headers?: readonly string[];
  /** The line that the sandbox adds; none for null. */
  credential?: string;
  /** A `{boundary}` stands for the one that the request announces. */
  body?: Bytes;
  /** Sent in chunks, as its length was not known. */
  isChunked?: boolean;
}

export const TOKEN = 'tok_wire_5f1c0a7be2';
const ACCEPT_ENCODING = 'gzip, deflate, br';

/** Those that say how long it is even where there is none: with undici these, too. */
const EXPECT_A_BODY = /^(POST|PUT|PATCH|PROPFIND)$/;

/** The whole message, byte for byte. */
export function render(message: Message, port: number, boundary: string): Buffer {
  const { line, type, headers = [], credential = `Authorization: Bearer ${TOKEN}`, isChunked } = message;
  const method = line.split(' ', 1)[0] ?? '';
  const body = withBoundary(message.body ?? '', boundary);
  const hasLength = isChunked !== true && (message.body !== undefined || EXPECT_A_BODY.test(method));
  const head = [
    `${line} HTTP/1.1`,
    // By the sandbox's HTTP client, undici, which reuses no connection that had a HEAD.
    `host: 127.0.0.1:${port}`,
    `connection: ${method === 'HEAD' ? 'close' : 'keep-alive'}`,
    `Accept: ${message.accept ?? '*/*'}`,
    ...(type === undefined ? [] : [`Content-Type: ${type.replace('{boundary}', boundary)}`]),
    `accept-encoding: ${message.acceptEncoding ?? ACCEPT_ENCODING}`,
    ...headers,
    `user-agent: Scalekit-Node/2.11.0 Node/${process.version} (${process.platform}; ${process.arch})`,
    credential,
    ...(hasLength ? [`content-length: ${body.length}`] : []),
    ...(isChunked === true ? ['transfer-encoding: chunked'] : []),
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

function withBoundary(body: Bytes, boundary: string): Buffer {
  return Buffer.from(typeof body === 'string' ? body.replaceAll('{boundary}', boundary) : body);
}

export const get = (target: string, rest: Omit<Message, 'line'> = {}): Message => ({
  line: `GET ${target}`,
  ...rest,
});

export const post = (target: string, rest: Omit<Message, 'line'> = {}): Message => ({
  line: `POST ${target}`,
  ...rest,
});

/** A POST of JSON. */
export const postJson = (target: string, body: string): Message =>
  post(target, { type: 'application/json', body });

export const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('');

/** What `--include` prints of a head; its last lines are of the sandbox's own connection. */
export const head = (...all: string[]): string =>
  [...all, 'Connection: keep-alive', 'Keep-Alive: timeout=5', '', ''].join('\n');

/** An answer with these header lines and a content-length, unless they say how its end is told. */
export function answer(status: string, headers: readonly string[] = [], body: Bytes = ''): Answer {
  const bytes = Buffer.from(body);
  const isFramed =
    /^(1|204|304)/.test(status) || headers.some((line) => /^(content-length|transfer-encoding):/i.test(line));
  const framing = isFramed ? [] : [`content-length: ${bytes.length}`];
  return wire(lines(`HTTP/1.1 ${status}`, ...headers, ...framing, ''), bytes);
}

export const ok = (body: Bytes = '', ...headers: string[]): Answer => answer('200 OK', headers, body);

export const json = (body: string, ...headers: string[]): Answer =>
  answer('200 OK', ['content-type: application/json', ...headers], body);

/** The very bytes; header bytes of a string are Latin-1. */
export function wire(...pieces: Bytes[]): Answer {
  const buffers = pieces.map((piece) =>
    typeof piece === 'string' ? Buffer.from(piece, 'latin1') : Buffer.from(piece),
  );
  return { pieces: buffers, thenCloses: false };
}

/** The very bytes, and then the end of the connection. */
export const brokenOff = (...pieces: Bytes[]): Answer => ({ ...wire(...pieces), thenCloses: true });

/** A body in the transfer coding of chunks (RFC 9112 section 7.1). */
export function chunked(...chunks: Bytes[]): Buffer {
  const framed = chunks.flatMap((chunk) => {
    const bytes = Buffer.from(chunk);
    return [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')];
  });
  return Buffer.concat([...framed, Buffer.from('0\r\n\r\n')]);
}

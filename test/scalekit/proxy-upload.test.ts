import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { interrupted, usageError } from '../../src/errors.ts';
import type { ProxyCall, StreamedBody } from '../../src/scalekit/proxy-input.ts';
import type { TokenCache } from '../../src/scalekit/token-cache.ts';
import { refusedByScalekit } from './answers.ts';
import { bytesOf, clientOf, failureOf, get, textOf } from './client.ts';
import { answering, answerOf, isWhole, type RawConnection, rawServer, requestOf } from './raw-server.ts';
import { scriptedServer } from './scripted-server.ts';

const MiB = 1024 * 1024;

/** A body that tells which streams were opened for it. */
function bodyOf(open: () => Readable, rest: Partial<StreamedBody> = {}) {
  const opened: Readable[] = [];
  const body: StreamedBody = {
    open: () => {
      const stream = open();
      opened.push(stream);
      return stream;
    },
    isRepeatable: true,
    ...rest,
  };
  return { body, opened };
}

function upload(body: ProxyCall['body'], method = 'POST'): ProxyCall {
  return { ...get('/upload', { method }), ...(body === undefined ? {} : { body }) };
}

/** Waits until a stream has let go of what it reads. */
async function closing(stream: Readable | undefined): Promise<void> {
  if (stream?.closed === false) await once(stream, 'close');
}

/** Never ends. */
function endless(onChunk = () => {}): Readable {
  return new Readable({
    read() {
      onChunk();
      setImmediate(() => this.push(Buffer.alloc(64 * 1024)));
    },
  });
}

function temporaryFile(content: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'sk-connect-upload-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'file.bin');
  writeFileSync(path, content);
  return path;
}

describe('a streamed body', () => {
  it.each([undefined, 20 * MiB])('arrives byte for byte: 20 MiB of a file, length %s', async (length) => {
    const content = randomBytes(20 * MiB);
    const path = temporaryFile(content);
    const server = await scriptedServer();
    const { body, opened } = bodyOf(() => createReadStream(path), length === undefined ? {} : { length });
    await bytesOf(await clientOf(server.origin).request(upload(body)));
    const received = server.attempts.at(-1)?.body ?? Buffer.alloc(0);
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(digest(received)).toBe(digest(content));
    expect(opened).toHaveLength(1);
    await closing(opened[0]);
  });

  it('is read no faster than the server takes it', async () => {
    let given = 0;
    let socket: RawConnection['socket'] | undefined;
    const server = await rawServer((connection) => {
      ({ socket } = connection);
      socket.pause();
    });
    const client = clientOf(server.origin);
    const failure = failureOf(client.request(upload(bodyOf(() => endless(() => given++)).body)));
    let before = 0;
    await vi.waitUntil(
      () => {
        const isStill = given > 0 && given === before;
        before = given;
        return isStill;
      },
      { interval: 100, timeout: 20_000 },
    );
    // What the system's own buffers take, and no more.
    expect(given * 64 * 1024).toBeLessThan(32 * MiB);
    client.abort(interrupted());
    await failure;
  });

  it('is opened anew for each call', async () => {
    const server = await scriptedServer();
    const client = clientOf(server.origin);
    const { body, opened } = bodyOf(() => Readable.from([Buffer.from('again')]));
    for (let call = 0; call < 3; call++) await bytesOf(await client.request(upload(body)));
    expect(opened).toHaveLength(3);
    const bodies = server.attempts.filter(({ kind }) => kind === 'proxy').map(({ body }) => body.toString());
    expect(bodies).toEqual(['again', 'again', 'again']);
  });
});

describe('a body that cannot be read on', () => {
  const tooShort = usageError('the file became shorter');
  const failing: [what: string, open: () => Readable, expected: object][] = [
    [
      'its stream says so itself',
      () =>
        Readable.from(
          (async function* () {
            yield Buffer.alloc(MiB);
            await sleep(5);
            throw tooShort;
          })(),
        ),
      tooShort,
    ],
    [
      'its file is gone',
      () => createReadStream('/nowhere/at/all'),
      { kind: 'usage', code: 'body_unreadable', message: expect.stringContaining('ENOENT') as unknown },
    ],
    [
      'its stream is dropped without a word',
      () => {
        const stream = new Readable({ read() {} });
        stream.push(Buffer.alloc(10));
        setTimeout(() => stream.destroy(), 5);
        return stream;
      },
      { kind: 'usage', code: 'body_unreadable' },
    ],
  ];

  it.each(failing)('is what the call fails with: %s', async (_, open, expected) => {
    let closed: Promise<unknown> | undefined;
    const server = await rawServer(({ socket }) => {
      closed ??= once(socket, 'close');
    });
    const { body } = bodyOf(open, { length: 10 * MiB });
    const failure = await failureOf(clientOf(server.origin).request(upload(body)));
    if (expected instanceof Error) expect(failure).toBe(expected);
    else expect(failure).toMatchObject(expected);
    await closed;
  });

  it('is what an answer ends with that came before', async () => {
    const server = await rawServer((connection) => {
      if (requestOf(connection)?.body.length === 3) {
        connection.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfirst');
      }
    });
    const stream = new Readable({ read() {} });
    stream.push(Buffer.from('abc'));
    const { body } = bodyOf(() => stream, { length: 10 });
    const response = await clientOf(server.origin).request(upload(body));
    stream.destroy(tooShort);
    expect(await failureOf(bytesOf(response))).toBe(tooShort);
  });
});

describe('an answer that comes before the body was sent', () => {
  const ways: [what: string, close: (connection: RawConnection) => void][] = [
    ['closes', ({ socket }) => socket.destroy()],
    ['ends', ({ socket }) => socket.end()],
    ['resets', ({ socket }) => socket.resetAndDestroy()],
    ['reads no further', ({ socket }) => socket.pause()],
    ['reads on', () => {}],
  ];

  it.each(ways.flatMap(([what, close]) => [401, 413, 500, 302].map((status) => ({ what, close, status }))))(
    '($status) is delivered, and ends the sending, where the server then $what',
    async ({ close, status }) => {
      let isAnswered = false;
      const server = await rawServer((connection) => {
        if (isAnswered || requestOf(connection) === undefined) return;
        isAnswered = true;
        const answer = answerOf(`${status} No`, 'no more', ['content-type: text/html']);
        connection.socket.write(answer, () => close(connection));
      });
      const { body, opened } = bodyOf(() => endless(), { length: 1024 * MiB });
      const response = await clientOf(server.origin).request(upload(body));
      expect(response.status).toBe(status);
      expect(await textOf(response)).toBe('no more');
      expect(opened[0]?.destroyed).toBe(true);
      const [connection] = server.connections;
      connection?.socket.resume();
      if (connection?.socket.closed === false) await once(connection.socket, 'close');
    },
  );

  it('is delivered though the connection was closed before the client looked', async () => {
    // The server is in a thread of its own: it answers and resets while this one is kept busy.
    const worker = new Worker(
      `const { createServer } = require('node:net');
       const { parentPort } = require('node:worker_threads');
       const server = createServer((socket) => {
         socket.on('error', () => {});
         socket.once('data', () => {
           socket.write('HTTP/1.1 413 No\\r\\ncontent-length: 7\\r\\n\\r\\nno more', () => socket.resetAndDestroy());
         });
       });
       server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
      { eval: true },
    );
    onTestFinished(async () => {
      await worker.terminate();
    });
    const [port] = (await once(worker, 'message')) as [number];
    const busy = async function* () {
      for (;;) {
        yield Buffer.alloc(64 * 1024);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      }
    };
    const { body } = bodyOf(() => Readable.from(busy()), { length: 1024 * MiB });
    const client = clientOf(`http://127.0.0.1:${port}`, { tokenCache: cacheOf('cached') });
    const response = await client.request(upload(body));
    expect(response.status).toBe(413);
    expect(await textOf(response)).toBe('no more');
  });

  it('with a status below 300 waits until all was sent', async () => {
    const server = await rawServer((connection) => {
      if (requestOf(connection)?.body === 'first') connection.socket.write(answerOf('202 Accepted', 'taken'));
    });
    const stream = new Readable({ read() {} });
    stream.push('first');
    const response = await clientOf(server.origin).request(upload(bodyOf(() => stream, { length: 11 }).body));
    expect(response.status).toBe(202);
    let isOver = false;
    const text = textOf(response).then((all) => {
      isOver = true;
      return all;
    });
    await sleep(20);
    expect(isOver).toBe(false);
    stream.push('second');
    stream.push(null);
    expect(await text).toBe('taken');
    const [connection] = server.connections;
    await vi.waitUntil(() => connection !== undefined && isWhole(connection));
    expect(connection && requestOf(connection)?.body).toBe('firstsecond');
  });
});

describe('a connection that fails in the middle of a body', () => {
  it.each(['destroy', 'resetAndDestroy'] as const)('is told as one: %s', async (close) => {
    const server = await rawServer(({ socket }) => socket[close]());
    const { body, opened } = bodyOf(() => endless(), { length: 1024 * MiB });
    const failure = await failureOf(clientOf(server.origin).request(upload(body)));
    expect(failure).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/cannot reach .*: the connection was (reset|closed)/) as unknown,
    });
    expect(opened[0]?.destroyed).toBe(true);
  });
});

describe('aborting', () => {
  it('closes the file, and the connection', async () => {
    const path = temporaryFile(Buffer.alloc(64 * MiB));
    let closed: Promise<unknown> | undefined;
    const server = await rawServer(({ socket }) => {
      if (closed === undefined) socket.pause();
      closed ??= once(socket, 'close');
    });
    const { body, opened } = bodyOf(() => createReadStream(path), { length: 64 * MiB });
    const client = clientOf(server.origin);
    const failure = failureOf(client.request(upload(body)));
    await vi.waitUntil(() => closed !== undefined);
    const reason = interrupted();
    client.abort(reason);
    expect(await failure).toBe(reason);
    await closing(opened[0]);
    server.connections[0]?.socket.resume();
    await closed;
  });

  it('ends the wait for a body that nobody writes', async () => {
    const server = await rawServer(() => {});
    const { body, opened } = bodyOf(() => new Readable({ read() {} }), { isRepeatable: false });
    const client = clientOf(server.origin);
    const failure = failureOf(client.request(upload(body)));
    await vi.waitUntil(() => opened.length > 0);
    const reason = interrupted();
    client.abort(reason);
    expect(await failure).toBe(reason);
    await closing(opened[0]);
  });
});

function cacheOf(accessToken: string): TokenCache {
  return {
    read: async () => ({ accessToken, renewAt: Date.now() + 600_000 }),
    write: async () => {},
    drop: async () => {},
  };
}

describe('a token that Scalekit refuses', () => {
  it('is renewed, and a body that can be opened again is sent again', async () => {
    const server = await scriptedServer();
    const { body, opened } = bodyOf(() => Readable.from([Buffer.from('all of it')]));
    const response = await clientOf(server.origin, { tokenCache: cacheOf('stale') }).request(upload(body));
    expect(response.status).toBe(200);
    expect(opened).toHaveLength(2);
    expect(server.kinds()).toEqual(['proxy', 'oauth/token', 'proxy']);
    expect(server.attempts.at(-1)?.body.toString()).toBe('all of it');
  });

  it('does not reach Scalekit with a body that cannot: the token is a new one', async () => {
    const server = await scriptedServer();
    const { body, opened } = bodyOf(() => Readable.from([Buffer.from('once')]), { isRepeatable: false });
    const response = await clientOf(server.origin, { tokenCache: cacheOf('stale') }).request(upload(body));
    expect(response.status).toBe(200);
    expect(opened).toHaveLength(1);
    expect(server.kinds()).toEqual(['oauth/token', 'proxy']);
  });

  it('ends a call whose body cannot be sent again', async () => {
    const server = await scriptedServer({ proxy: refusedByScalekit(401, 16, 'token is invalid') });
    const { body, opened } = bodyOf(() => Readable.from([Buffer.from('once')]), { isRepeatable: false });
    const response = await clientOf(server.origin).request(upload(body));
    expect(response).toMatchObject({ status: 401, answeredBy: 'scalekit' });
    expect(opened).toHaveLength(1);
    expect(server.kinds()).toEqual(['oauth/token', 'proxy']);
  });

  it('does not reach Scalekit with a HEAD, whose answer could not tell it', async () => {
    const server = await scriptedServer();
    const client = clientOf(server.origin, { tokenCache: cacheOf('stale') });
    expect(await client.request(get('/', { method: 'HEAD' }))).toMatchObject({ status: 200 });
    expect(server.kinds()).toEqual(['oauth/token', 'proxy']);
  });
});

it('a refusal of Scalekit’s that comes before the body was sent has it sent again', async () => {
  const refusal = JSON.stringify({
    code: 16,
    message: 'token is invalid',
    details: [{ '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo' }],
  });
  const server = await rawServer((connection) => {
    const { socket } = connection;
    if (server.connections.length === 1) {
      if (connection.received.length < 1000) return;
      socket.write(answerOf('401 No', refusal, ['content-type: application/json']), () => socket.destroy());
      connection.received = Buffer.alloc(0);
    } else if (isWhole(connection)) {
      socket.write(answerOf('200 OK', 'done'));
    }
  });
  const { body, opened } = bodyOf(() => Readable.from(chunks(40)), { length: 40 * 64 * 1024 });
  const response = await clientOf(server.origin, { tokenCache: cacheOf('stale') }).request(upload(body));
  expect(await textOf(response)).toBe('done');
  expect(opened).toHaveLength(2);
  const [, second] = server.connections;
  expect(second && requestOf(second)?.body).toHaveLength(40 * 64 * 1024);
});

async function* chunks(count: number): AsyncGenerator<Buffer> {
  for (let index = 0; index < count; index++) {
    await sleep(1);
    yield Buffer.alloc(64 * 1024);
  }
}

it('answers to bodies that were sent whole are not waited for', async () => {
  const server = await rawServer(answering(answerOf('200 OK', 'done')));
  const response = await clientOf(server.origin).request(upload(Buffer.from('{}')));
  expect(await textOf(response)).toBe('done');
});

import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { createSending } from '../../src/scalekit/sending.ts';
import { bytesOf, clientOf, failureOf, get, textOf } from './client.ts';
import { answering, answerOf, isWhole, type RawConnection, rawServer, requestOf } from './raw-server.ts';

const DONE = answerOf('200 OK', 'done');

/** Answers the first request of each connection, and goes away in place of answering a second one. */
function onceEach(goAway: (connection: RawConnection) => void): (connection: RawConnection) => void {
  const answered = new Set<RawConnection>();
  return (connection) => {
    if (!isWhole(connection)) return;
    if (answered.has(connection)) return goAway(connection);
    answered.add(connection);
    connection.received = Buffer.alloc(0);
    connection.socket.write(DONE);
  };
}

describe('a connection', () => {
  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('serves one %s after the other', async (method) => {
    const server = await rawServer(answering(method === 'HEAD' ? answerOf('200 OK') : DONE));
    const client = clientOf(server.origin);
    for (let call = 0; call < 5; call++) await bytesOf(await client.request(get('/', { method })));
    expect(server.connections).toHaveLength(1);
  });

  it('is as many as there are calls at a time', async () => {
    const server = await rawServer(answering(DONE));
    const client = clientOf(server.origin);
    await bytesOf(await client.request(get('/')));
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 5 }, async () => bytesOf(await client.request(get('/')))));
    }
    expect(server.connections).toHaveLength(5);
  });

  it.each(['POST', 'PATCH', 'MERGE'])('is the call’s own for a %s, and ends with it', async (method) => {
    const server = await rawServer(answering(DONE));
    const client = clientOf(server.origin);
    await bytesOf(await client.request(get('/')));
    for (let call = 0; call < 3; call++) await bytesOf(await client.request(get('/', { method })));
    expect(server.connections).toHaveLength(4);
    await vi.waitUntil(() => server.connections.slice(1).every(({ socket }) => socket.destroyed));
    expect(server.connections[0]?.socket.destroyed).toBe(false);
  });

  it('is the call’s own for a body that cannot be sent again', async () => {
    const server = await rawServer(answering(DONE));
    const client = clientOf(server.origin);
    for (let call = 0; call < 3; call++) {
      const body = { open: () => Readable.from([Buffer.from('x')]), isRepeatable: false };
      await bytesOf(await client.request(get('/', { method: 'PUT', body })));
    }
    expect(server.connections).toHaveLength(3);
  });

  it('ends with the client', async () => {
    const server = await rawServer(answering(DONE));
    const client = clientOf(server.origin);
    await bytesOf(await client.request(get('/')));
    const [connection] = server.connections;
    if (connection === undefined) throw new Error('there is none');
    expect(connection.socket.destroyed).toBe(false);
    const closed = once(connection.socket, 'close');
    client.close();
    await closed;
  });

  it.each([200, 500])('ends with an answer that is dropped (%i)', async (status) => {
    const head = `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n`;
    const server = await rawServer(({ socket }) => socket.write(head + 'x'.repeat(100_000)));
    const { body } = await clientOf(server.origin).request(get('/'));
    body.destroy();
    await vi.waitUntil(() => server.connections[0]?.socket.destroyed);
  });

  it('is not used again after what was not sent to its end', async () => {
    const server = await rawServer((connection) => {
      if (requestOf(connection)?.body === 'some') connection.socket.write(answerOf('413 No', 'no'));
    });
    const client = clientOf(server.origin);
    const stream = new Readable({ read() {} });
    stream.push('some');
    const body = { open: () => stream, length: 10, isRepeatable: true };
    const response = await client.request(get('/', { method: 'PUT', body }));
    expect(await textOf(response)).toBe('no');
    await vi.waitUntil(() => server.connections[0]?.socket.destroyed);
  });
});

describe('a connection that the server closed meanwhile', () => {
  const ways: [how: string, goAway: (connection: RawConnection) => void][] = [
    ['ends', ({ socket }) => socket.end()],
    ['is reset', ({ socket }) => socket.resetAndDestroy()],
  ];

  it.each(ways)('has the call sent again, on a new one: it %s', async (_, goAway) => {
    const server = await rawServer(onceEach(goAway));
    const client = clientOf(server.origin);
    for (let call = 0; call < 3; call++) expect(await textOf(await client.request(get('/')))).toBe('done');
    expect(server.connections).toHaveLength(3);
  });

  it.each(ways)('is found out once, however many there are: it %s', async (_, goAway) => {
    const server = await rawServer(onceEach(goAway));
    const client = clientOf(server.origin);
    await Promise.all(Array.from({ length: 4 }, async () => bytesOf(await client.request(get('/')))));
    client.events.length = 0;
    expect(await textOf(await client.request(get('/')))).toBe('done');
    expect(client.events.map(({ phase, attempt }) => `${phase} ${attempt}`)).toEqual([
      'sent 1',
      'failed 1',
      'sent 2',
      'answered 2',
    ]);
  });

  it('has a body sent again that can be opened again', async () => {
    const server = await rawServer(onceEach(({ socket }) => socket.resetAndDestroy()));
    const client = clientOf(server.origin);
    let opened = 0;
    const open = () => {
      opened++;
      return Readable.from([Buffer.from('again')]);
    };
    for (let call = 0; call < 2; call++) {
      const put = get('/', { method: 'PUT', body: { open, length: 5, isRepeatable: true } });
      expect(await textOf(await client.request(put))).toBe('done');
    }
    expect(opened).toBe(3);
  });

  it('never gets a POST', async () => {
    const server = await rawServer(onceEach(({ socket }) => socket.resetAndDestroy()));
    const client = clientOf(server.origin);
    await bytesOf(await client.request(get('/')));
    expect(await textOf(await client.request(get('/', { method: 'POST' })))).toBe('done');
  });

  it('is told where a new one is closed, too', async () => {
    let isGone = false;
    const server = await rawServer((connection) => {
      if (isGone) connection.socket.resetAndDestroy();
      else answering(DONE)(connection);
    });
    const client = clientOf(server.origin);
    await bytesOf(await client.request(get('/')));
    isGone = true;
    expect(await failureOf(client.request(get('/')))).toMatchObject({ kind: 'unreachable' });
    expect(server.connections).toHaveLength(2);
  });

  it('after its answer began is no reason to send again', async () => {
    let isSecond = false;
    const server = await rawServer((connection) => {
      if (!isSecond) return answering(DONE)(connection);
      const head = 'HTTP/1.1 500 No\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n';
      connection.socket.write(head, () => connection.socket.resetAndDestroy());
    });
    const client = clientOf(server.origin);
    await bytesOf(await client.request(get('/')));
    isSecond = true;
    expect(await failureOf(client.request(get('/')))).toMatchObject({ kind: 'unreachable' });
    expect(server.connections).toHaveLength(1);
  });
});

describe('silence', () => {
  const IDLE_MS = 100;

  /** What becomes of a request with this body: its status, or the code that it failed with. */
  async function outcomeOf(origin: string, open?: () => Readable): Promise<unknown> {
    const body = open === undefined ? undefined : { open, isRepeatable: false };
    const outgoing = request(`${origin}/`, { method: 'POST', agent: false });
    createSending(body, IDLE_MS).data.pipe(outgoing);
    return new Promise((resolve) => {
      outgoing.once('response', (incoming) => resolve(incoming.resume().statusCode));
      outgoing.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
  }

  it('of a server that does not answer ends the call', async () => {
    const server = await rawServer(() => {});
    expect(await outcomeOf(server.origin)).toBe('ECONNABORTED');
  });

  it('of a server that takes no more of a body ends the call', async () => {
    const server = await rawServer(({ socket }) => socket.pause());
    const endless = () =>
      new Readable({
        read() {
          setImmediate(() => this.push(Buffer.alloc(64 * 1024)));
        },
      });
    expect(await outcomeOf(server.origin, endless)).toBe('ECONNABORTED');
  });

  it('of the body itself does not', async () => {
    const server = await rawServer(answering(DONE));
    const stream = new Readable({ read() {} });
    const outcome = outcomeOf(server.origin, () => stream);
    for (let part = 0; part < 3; part++) {
      await new Promise((resolve) => setTimeout(resolve, 3 * IDLE_MS));
      stream.push('part');
    }
    stream.push(null);
    expect(await outcome).toBe(200);
  });

  it('counts from what was last heard', async () => {
    const server = await rawServer((connection) => {
      if (isWhole(connection)) setTimeout(() => connection.socket.write(DONE), IDLE_MS / 2);
    });
    expect(await outcomeOf(server.origin)).toBe(200);
  });
});

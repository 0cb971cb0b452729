import type { Http2ServerResponse, Http2Session } from 'node:http2';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { interrupted, SkConnectError } from '../../src/errors.ts';
import { everyService, grpcStatus, json, silence } from './answers.ts';
import { ACCOUNT, bytesOf, clientOf, everyCall, failureOf, get, reads } from './client.ts';
import { type HttpAnswer, type Script, scriptedServer } from './scripted-server.ts';

const silent: [where: string, script: (answer: HttpAnswer) => Script][] = [
  ['while it signs in', (answer) => ({ token: answer })],
  ['while it waits for the answer', (answer) => ({ proxy: answer, gateway: answer })],
];
const everyWait = everyCall.flatMap(([call, send]) =>
  silent.map(([where, script]) => ({ call, send, where, script })),
);

describe('the signal ends what is in flight', () => {
  it.each(everyWait)('$call, $where', async ({ send, script }) => {
    const { answer, asked } = silence();
    const server = await scriptedServer(script(answer));
    const client = clientOf(server.origin);
    const failure = failureOf(send(client));
    await asked;
    const reason = interrupted();
    client.abort(reason);
    expect(await failure).toBe(reason);
    const over = client.events.at(-1);
    expect(over?.phase).toBe('failed');
  });

  it.each(everyCall)('%s, before it has begun', async (_, send) => {
    const server = await scriptedServer();
    const client = clientOf(server.origin);
    const reason = interrupted();
    client.abort(reason);
    expect(await failureOf(send(client))).toBe(reason);
    expect(server.attempts).toEqual([]);
  });

  it.each(everyCall)('%s, before it has begun, though signed in', async (_, send) => {
    const server = await scriptedServer(everyService);
    const client = clientOf(server.origin);
    await reads.ListTools(client);
    const seen = server.attempts.length;
    const reason = interrupted();
    client.abort(reason);
    expect(await failureOf(send(client))).toBe(reason);
    expect(server.attempts.slice(seen)).toEqual([]);
  });

  it('all of them at once, and without a warning', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => warnings.push(name);
    process.on('warning', onWarning);
    const { answer, asked } = silence();
    const server = await scriptedServer({ token: answer });
    const client = clientOf(server.origin);
    const failures = Array.from({ length: 24 }, (_, index) =>
      failureOf(everyCall[index % everyCall.length]?.[1](client) ?? Promise.resolve()),
    );
    await asked;
    const reason = interrupted();
    client.abort(reason);
    expect(new Set(await Promise.all(failures))).toEqual(new Set([reason]));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('the pause before a read is sent again', async () => {
    const server = await scriptedServer();
    const client = clientOf(server.origin);
    const reason = interrupted();
    server.script.gateway = (response, attempt) => {
      response.once('close', () => setImmediate(() => client.abort(reason)));
      grpcStatus(Code.Unavailable)(response, attempt);
    };
    expect(await failureOf(reads.ListTools(client))).toBe(reason);
    expect(server.count('ListTools')).toBe(1);
  });

  it.each([200, 502])('a body that trickles without end (%i)', async (status) => {
    const server = await scriptedServer({
      proxy: (response) => {
        response.writeHead(status, { 'content-type': 'text/plain' });
        const trickle = setInterval(() => response.write('.'), 5);
        response.once('close', () => clearInterval(trickle));
      },
    });
    const client = clientOf(server.origin);
    const { body } = await client.request(get('/slow'));
    const reason = interrupted();
    let received = 0;
    const reading = failureOf(
      (async () => {
        for await (const bytes of body) {
          received += (bytes as Buffer).length;
          if (received >= 5) client.abort(reason);
        }
      })(),
    );
    expect(await reading).toMatchObject({ cause: reason });
    expect(body.destroyed).toBe(true);
  });

  it('an error’s body that trickles, which may be a refusal of Scalekit’s', async () => {
    const reason = interrupted();
    const server = await scriptedServer();
    const client = clientOf(server.origin);
    server.script.proxy = (response) => {
      response.writeHead(502, { 'content-type': 'application/json' });
      let sent = 0;
      const trickle = setInterval(() => {
        response.write(' ');
        if (++sent === 5) client.abort(reason);
      }, 5);
      response.once('close', () => clearInterval(trickle));
    };
    expect(await failureOf(client.request(get('/slow')))).toBe(reason);
  });
});

describe('the server’s side of a call that was given up', () => {
  it('sees the connection close: nothing goes on behind the back', async () => {
    let onClosed = () => {};
    const closed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    const { answer, asked } = silence();
    const server = await scriptedServer({
      proxy: (response, attempt) => {
        response.once('close', onClosed);
        answer(response, attempt);
      },
    });
    const client = clientOf(server.origin);
    const failure = failureOf(client.request(get('/me')));
    await asked;
    client.abort(interrupted());
    await Promise.all([failure, closed]);
  });

  it('sees the connection close when only a part of a body was wanted', async () => {
    let onClosed = () => {};
    const closed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    const server = await scriptedServer({
      proxy: (response) => {
        response.once('close', onClosed);
        response.writeHead(500, { 'content-type': 'application/json' }).write('x'.repeat(100_000));
      },
    });
    const { body } = await clientOf(server.origin).request(get('/me'));
    for await (const bytes of body) {
      expect((bytes as Buffer).length).toBeGreaterThan(0);
      break;
    }
    await closed;
  });
});

it('gives the reason of the total deadline as it was written', async () => {
  const { answer, asked } = silence();
  const server = await scriptedServer({ proxy: answer });
  const client = clientOf(server.origin);
  const failure = failureOf(client.request(get('/me')));
  await asked;
  client.abort(new SkConnectError('unreachable', 'not done after 1 s (--timeout)', { code: 'timeout' }));
  expect(await failure).toMatchObject({ kind: 'unreachable', code: 'timeout', exitCode: 6 });
});

it('does not hold an answer back that came before the end', async () => {
  const server = await scriptedServer({ proxy: json(200, { ok: true }) });
  const client = clientOf(server.origin);
  const response = await client.request(get('/me'));
  const bytes = await bytesOf(response);
  client.abort(interrupted());
  expect(bytes.toString()).toBe('{"ok":true}');
});

it('closes the gRPC connection with the client, and not before', async () => {
  const server = await scriptedServer(everyService);
  const client = clientOf(server.origin);
  await reads.ListTools(client);
  let session: Http2Session | undefined;
  server.script.gateway = (response, attempt) => {
    session = (response as unknown as Http2ServerResponse).stream.session;
    grpcStatus(Code.NotFound)(response, attempt);
  };
  await failureOf(reads.ListTools(client));
  if (session === undefined) throw new Error('no session was seen');
  expect(session.closed).toBe(false);
  const closed = new Promise((resolve) => session?.on('error', () => {}).once('close', resolve));
  client.close();
  await closed;
});

describe('how long a tool is waited for', () => {
  it.each([
    ['as long as the SDK does', undefined, 60_000],
    ['no shorter with a short deadline, which ends it anyway', 5_000, 60_000],
    ['as long as the deadline says', 300_000, 300_000],
  ])('%s', async (_how, deadlineMs, expected) => {
    const server = await scriptedServer(everyService);
    const client = clientOf(server.origin, deadlineMs === undefined ? {} : { deadlineMs });
    await (await client.tools()).execute({ toolName: 'a', ...ACCOUNT, input: {} });
    const executed = server.attempts.find(({ kind }) => kind.includes('ExecuteTool'));
    const [, sent = ''] = /^(\d+)m$/.exec(String(executed?.headers['grpc-timeout'])) ?? [];
    // It counts what is left of it.
    expect(Number(sent)).toBeGreaterThan(expected - 5_000);
    expect(Number(sent)).toBeLessThanOrEqual(expected);
  });
});

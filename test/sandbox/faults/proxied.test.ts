import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../src/sandbox/interface/faults.ts';
import type { Sandbox, SandboxSnapshot } from '../../../src/sandbox/start.ts';
import { rawExchange } from '../support/raw.ts';
import { accessToken, connector, oneConnection, sandboxWith } from '../support/sandbox.ts';
import { signal } from '../support/signal.ts';
import { upstream } from '../support/upstream.ts';

interface Setting {
  sandbox: Sandbox;
  headers: Record<string, string>;
  /** Requests that reached the provider. */
  calls: string[];
}

async function setting(...faults: FaultInput[]): Promise<Setting> {
  const calls: string[] = [];
  const origin = await upstream((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    if (request.url === '/empty') response.writeHead(204).end();
    else response.writeHead(200, { 'content-type': 'text/plain' }).end('0123456789'.repeat(100));
  });
  const sandbox = await sandboxWith({
    connectors: [connector({ proxy_url: origin })],
    connections: [
      { name: 'demo', connector: 'demo' },
      { name: 'other', connector: 'demo' },
    ],
    accounts: [
      { connection: 'demo', identifier: 'u', credentials: { token: 't' } },
      { connection: 'other', identifier: 'u', credentials: { token: 't' } },
    ],
  });
  for (const fault of faults) sandbox.control.addFault(fault);
  const headers = {
    authorization: `Bearer ${await accessToken(sandbox)}`,
    connection_name: 'demo',
    identifier: 'u',
  };
  return { sandbox, headers, calls };
}

function get({ sandbox, headers }: Setting, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${sandbox.url}/proxy${path}`, { headers, ...init });
}

function headerText(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}

describe('the provider’s answer', () => {
  it('is made up: status, body, headers; the provider is not called', async () => {
    const made = await setting({
      match: { connectionName: 'demo' },
      effect: { status: 418, body: { short: 'stout' }, headers: { 'X-Tea': 'pot' } },
    });
    const response = await get(made, '/a');
    expect([response.status, response.statusText]).toEqual([418, "I'm a Teapot"]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'x-tea': 'pot',
      'x-sandbox-fault': 'flt_1',
    });
    expect(await response.json()).toEqual({ short: 'stout' });
    expect(made.calls).toEqual([]);
    const other = await get(made, '/a', { headers: { ...made.headers, connection_name: 'other' } });
    expect(other.status).toBe(200);
  });

  it.each([204, 304])('has no body where %i has none', async (status) => {
    const made = await setting({ effect: { status, body: 'not sent', headers: { etag: '"x"' } } });
    const answer = await rawExchange(
      made.sandbox.port,
      `GET /proxy/a HTTP/1.1\r\n${headerText({ host: '127.0.0.1', connection: 'close', ...made.headers })}\r\n`,
    );
    const [head = '', body] = answer.split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('etag: "x"');
    expect(head).not.toMatch(/content-length|content-type|transfer-encoding/i);
    expect(body).toBe('');
  });

  it('is a rate limit', async () => {
    const made = await setting({ effect: { retryAfterSeconds: 7 }, times: 1 });
    const limited = await get(made, '/a');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await get(made, '/a')).status).toBe(200);
  });

  it('comes late, in real time', async () => {
    const made = await setting({ effect: { latencyMs: 300 } });
    made.sandbox.control.freezeClock();
    const before = performance.now();
    expect((await get(made, '/a')).status).toBe(200);
    // A timer of Node may fire a millisecond early.
    expect(performance.now() - before).toBeGreaterThan(298);
  });

  it('is late and refused at once', async () => {
    const made = await setting({ effect: { latencyMs: 200, status: 503, retryAfterSeconds: 2 } });
    const before = performance.now();
    const response = await get(made, '/a');
    expect(performance.now() - before).toBeGreaterThan(198);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await response.json()).toEqual({ message: 'Service Unavailable' });
  });

  it('trickles', async () => {
    const made = await setting({ effect: { bytesPerSecond: 2_000 } });
    const before = performance.now();
    const response = await get(made, '/a');
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) chunks.push(chunk as Uint8Array);
    expect(Buffer.concat(chunks).toString()).toBe('0123456789'.repeat(100));
    expect(chunks.length).toBeGreaterThan(2);
    expect(performance.now() - before).toBeGreaterThan(400);
  });
});

describe('a body at its pace', () => {
  it('is held back at the provider, and given up when the client goes away', async () => {
    const closed = signal();
    let written = 0;
    const origin = await upstream((_request, response) => {
      response.once('close', () => closed.resolve());
      const chunk = Buffer.alloc(1024 * 1024);
      const write = (): void => {
        while (written < 200 && !response.destroyed) {
          written += 1;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
      };
      write();
    });
    const accounts = [{ connection: 'demo', identifier: 'u', credentials: { token: 't' } }];
    const sandbox = await sandboxWith(oneConnection({ proxy_url: origin }, { accounts }));
    sandbox.control.addFault({ effect: { bytesPerSecond: 1000 } });
    const headers = {
      authorization: `Bearer ${await accessToken(sandbox)}`,
      connection_name: 'demo',
      identifier: 'u',
    };
    const gone = new AbortController();
    const response = await fetch(`${sandbox.url}/proxy/a`, { headers, signal: gone.signal });
    const first = await response.body?.getReader().read();
    expect(first?.value?.length).toBeLessThan(1000);
    await new Promise((next) => setTimeout(next, 300));
    // What the kernel's buffers take on the way is some megabytes.
    expect(written).toBeLessThan(50);
    gone.abort();
    await closed.promise;
  });
});

describe('Scalekit’s own refusal', () => {
  it('is what its gateway says', async () => {
    const made = await setting({ effect: { grpcCode: 'unavailable', retryAfterSeconds: 3 } });
    const response = await get(made, '/a');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '3']);
    expect(response.headers.get('x-sandbox-fault')).toBe('flt_1');
    expect(await response.json()).toEqual({
      code: 14,
      message: 'a fault of the sandbox (flt_1)',
      details: [
        { '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo', error_code: 'UNAVAILABLE' },
      ],
    });
    expect(made.calls).toEqual([]);
  });

  it('does not come before who asks is known', async () => {
    const made = await setting({ effect: { grpcCode: 'unavailable' }, times: 1 });
    expect((await get(made, '/a', { headers: { ...made.headers, authorization: 'Bearer x' } })).status).toBe(
      401,
    );
    expect(made.sandbox.control.faults()[0]?.hits).toBe(0);
  });
});

/** What arrived before the connection broke, and what it broke with. */
async function broken(
  made: Setting,
  path: string,
): Promise<{ status?: number; text: string; error: unknown }> {
  const request = httpRequest(`${made.sandbox.url}/proxy${path}`, {
    headers: made.headers,
    agent: false,
  }).end();
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    let error: unknown;
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    for (const emitter of [request, response]) emitter.on('error', (failure) => (error ??= failure));
    await new Promise((resolve) => response.once('close', resolve));
    return { status: response.statusCode ?? 0, text, error };
  } catch (error) {
    return { text: '', error };
  }
}

describe('a reset', () => {
  it('comes in the middle of the body', async () => {
    const made = await setting({ effect: { reset: true } });
    const { status, text, error } = await broken(made, '/a');
    expect(status).toBe(200);
    expect(text).toBe('0123456789'.repeat(50));
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(made.calls).toEqual(['GET /a']);
  });

  it('is one of TCP, and no ordinary end', async () => {
    const { sandbox, headers } = await setting({ effect: { reset: true } });
    const socket = connect(sandbox.port, '127.0.0.1');
    socket.write(`GET /proxy/a HTTP/1.1\r\n${headerText({ host: '127.0.0.1', ...headers })}\r\n`);
    socket.resume();
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
  });

  it('comes before the head where there is no body', async () => {
    const { status, error } = await broken(await setting({ effect: { reset: true } }), '/empty');
    expect(status).toBeUndefined();
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('takes the place of a refusal', async () => {
    const made = await setting({ effect: { reset: true, grpcCode: 'unavailable' } });
    const { status, error } = await broken(made, '/a');
    expect(status).toBeUndefined();
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(made.calls).toEqual([]);
    const { exchanges } = made.sandbox.control.exchanges({ connectionName: 'demo' });
    expect(exchanges).toMatchObject([{ status: null, fault: 'flt_1' }]);
  });

  it('comes within a body that trickles', async () => {
    const made = await setting({ effect: { reset: true, bytesPerSecond: 2000 } });
    const { status, text, error } = await broken(made, '/a');
    expect(status).toBe(200);
    expect(text.length).toBeLessThanOrEqual(500);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('takes a made-up answer as well', async () => {
    const made = await setting({ effect: { reset: true, status: 500, body: 'abcdefgh' } });
    const { status, text } = await broken(made, '/a');
    expect([status, text]).toEqual([500, 'abcd']);
    expect(made.calls).toEqual([]);
  });
});

describe('which call', () => {
  it.each<[string, FaultInput['match'], string]>([
    ['a path', { path: '/notes/*' }, '/notes/1,/notes/2'],
    ['a path and all below', { path: '/notes/**' }, '/notes,/notes/1,/notes/2,/notes/1/x'],
    ['a query that a path does not look at', { path: '/q' }, '/q?a=/notes/1'],
    ['a method', { method: 'post' }, ''],
    ['an identifier', { identifier: 'nobody' }, ''],
    ['a kind', { kind: 'rest' }, ''],
    ['all kinds but refresh', {}, '/notes,/notes/1,/notes/2,/notes/1/x,/q?a=/notes/1'],
  ])('%s', async (_name, match = {}, struck) => {
    const made = await setting({ match, effect: { status: 500 } });
    const hit: string[] = [];
    for (const path of ['/notes', '/notes/1', '/notes/2', '/notes/1/x', '/q?a=/notes/1']) {
      if ((await get(made, path)).status === 500) hit.push(path);
    }
    expect(hit.join(',')).toBe(struck);
  });

  it('the first one wins, and one that is used up makes way', async () => {
    const made = await setting(
      { effect: { status: 500 }, times: 2 },
      { match: { path: '/a' }, effect: { status: 501 } },
      { effect: { status: 502 } },
    );
    const statuses = [];
    for (const path of ['/a', '/b', '/a', '/b']) statuses.push((await get(made, path)).status);
    expect(statuses).toEqual([500, 500, 501, 502]);
    expect(made.sandbox.control.faults().map(({ hits }) => hits)).toEqual([2, 1, 1]);
  });

  it('the same seed strikes the same calls', async () => {
    const sequences = [];
    for (const seed of [7, 7, 8]) {
      const made = await setting({ effect: { status: 500 }, probability: 0.5, seed });
      let sequence = '';
      for (let call = 0; call < 24; call += 1) sequence += (await get(made, '/a')).status === 500 ? 'x' : '.';
      sequences.push(sequence);
    }
    expect(sequences[0]).toBe(sequences[1]);
    expect(sequences[0]).not.toBe(sequences[2]);
    expect(sequences[0]).toMatch(/x/);
    expect(sequences[0]).toMatch(/\./);
  });
});

it('the sequence of a seed goes on where a snapshot of it is restored', async () => {
  const made = await setting({ effect: { status: 500 }, probability: 0.5, seed: 7 });
  const { control } = made.sandbox;
  const next = async (calls: number) => {
    let sequence = '';
    for (let call = 0; call < calls; call += 1)
      sequence += (await get(made, '/a')).status === 500 ? 'x' : '.';
    return sequence;
  };
  await next(5);
  const snapshot = control.snapshot({ includeSecrets: true });
  const kept = JSON.parse(JSON.stringify(snapshot)) as SandboxSnapshot;
  const faults = control.faults();
  const sequence = await next(24);
  control.restore(kept);
  expect(control.faults()).toEqual(faults);
  expect(await next(24)).toBe(sequence);
  control.restore(kept);
  expect(await next(24)).toBe(sequence);
});

describe('what waits', () => {
  it.each<FaultInput['effect']>([{ latencyMs: 60_000 }, { bytesPerSecond: 1 }])(
    'ends at close: %j',
    async (effect) => {
      const made = await setting({ effect });
      const ended = get(made, '/a')
        .then((response) => response.text())
        .catch(() => 'failed');
      while (made.sandbox.control.faults()[0]?.hits === 0) await new Promise((next) => setTimeout(next, 10));
      const before = performance.now();
      await made.sandbox.close();
      expect(await ended).toBe('failed');
      expect(performance.now() - before).toBeLessThan(2_000);
    },
  );

  it('ends when the client goes away: the provider never hears of the call', async () => {
    const made = await setting({ effect: { latencyMs: 300 } });
    const gone = new AbortController();
    const ended = signal();
    get(made, '/a', { signal: gone.signal }).catch(() => ended.resolve());
    while (made.sandbox.control.faults()[0]?.hits === 0) await new Promise((next) => setTimeout(next, 10));
    gone.abort();
    await ended.promise;
    await new Promise((next) => setTimeout(next, 400));
    expect(made.calls).toEqual([]);
  });
});

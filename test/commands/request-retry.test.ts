import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunOptions } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import type { Answer } from './support/http.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const ACCOUNT = ['-c', 'rest', '-i', 'user_1'];

/** Answers one after the other, the last again and again; gives what came of the call and how often it was made. */
async function answered(answers: readonly Answer[], argv: readonly string[], options?: RunOptions) {
  const { rest } = environment;
  let next = 0;
  rest.at('/flaky', (request, response) => {
    answers[Math.min(next++, answers.length - 1)]?.(request, response);
  });
  rest.received.length = 0;
  const result = await environment.run(['request', ...argv, ...ACCOUNT], options);
  return { ...result, calls: rest.received.length };
}

const fine: Answer = (_request, response) => response.end('{"ok":true}');
const failing =
  (status: number, headers: Record<string, string> = { 'retry-after': '0' }): Answer =>
  (_request, response) => {
    response.writeHead(status, headers).end('{"reason":"busy"}');
  };

describe('what is sent again', () => {
  it.each([408, 425, 429, 500, 502, 503, 504])('%i', async (status) => {
    const result = await answered([failing(status), fine], ['/flaky', '--retry', '3']);
    expect(result).toMatchObject({ exitCode: 0, stdout: '{"ok":true}', calls: 2 });
    expect(result.stderr).toMatch(
      new RegExp(`^${status} [A-Z].*: trying again in 0 s \\(Retry-After\\), 1 of 3\\n$`),
    );
  });

  it.each([400, 401, 403, 404, 409, 422, 501, 505])('not %i', async (status) => {
    const result = await answered([failing(status)], ['/flaky', '--retry', '3']);
    expect(result).toMatchObject({ exitCode: 5, calls: 1 });
    expect(result.stderr).not.toContain('again in');
  });

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PROPFIND', 'REPORT', 'SEARCH'])(
    '%s',
    async (method) => {
      const result = await answered([failing(503), fine], [method, '/flaky', '--retry', '1']);
      expect(result).toMatchObject({ exitCode: 0, calls: 2 });
    },
  );

  it.each(['POST', 'PATCH', 'PROPPATCH'])('%s with --retry-all alone, and that is said', async (method) => {
    const once = await answered([failing(503), fine], [method, '/flaky', '--retry', '2']);
    expect(once).toMatchObject({ exitCode: 5, calls: 1, stdout: '{"reason":"busy"}' });
    expect(once.stderr).toContain(`503 Service Unavailable: not tried again: ${method} is not idempotent`);
    expect(once.stderr).toContain('--retry-all');
    expect(once.stderr).not.toContain('let --retry');
    const all = await answered([failing(503), fine], [method, '/flaky', '--retry', '2', '--retry-all']);
    expect(all).toMatchObject({ exitCode: 0, calls: 2 });
  });

  it('the same body every time', async () => {
    const body = '{"title": "Hello"}';
    const argv = ['PUT', '/flaky', '-d', body, '--retry', '2'];
    expect(await answered([failing(503), failing(500), fine], argv)).toMatchObject({ exitCode: 0, calls: 3 });
    expect(environment.rest.received.map((each) => each.body.toString())).toEqual([body, body, body]);
  });

  it('the same body every time, from stdin too', async () => {
    const argv = ['PUT', '/flaky', '-d', '-', '--retry', '2'];
    const result = await answered([failing(503), fine], argv, { stdin: '{"title":"Hello"}' });
    expect(result).toMatchObject({ exitCode: 0, calls: 2 });
    expect(environment.rest.received.map((each) => each.body.toString())).toEqual([
      '{"title":"Hello"}',
      '{"title":"Hello"}',
    ]);
  });

  it('nothing without --retry', async () => {
    expect(await answered([failing(503), fine], ['/flaky'])).toMatchObject({ exitCode: 5, calls: 1 });
  });
});

describe('how long and how often', () => {
  it('so often and no more; the last answer is the result, and the error says how often it was tried', async () => {
    const result = await answered([failing(503)], ['/flaky', '--retry', '2']);
    expect(result).toMatchObject({ exitCode: 5, stdout: '{"reason":"busy"}', calls: 3 });
    expect(result.stderr).toContain('2 of 2');
    expect(result.stderr).toMatch(/error: .*503 Service Unavailable.*tried 3 times/);
  });

  it('Retry-After is waited for', async () => {
    const startedAt = performance.now();
    const result = await answered([failing(429, { 'retry-after': '1' }), fine], ['/flaky', '--retry', '1']);
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: '429 Too Many Requests: trying again in 1 s (Retry-After), 1 of 1\n',
    });
    expect(performance.now() - startedAt).toBeGreaterThan(990);
  });

  it('X-RateLimit-Reset is waited for', async () => {
    const reset = { 'x-ratelimit-reset': '0.2' };
    const result = await answered([failing(429, reset), fine], ['/flaky', '--retry', '1']);
    expect(result.stderr).toBe('429 Too Many Requests: trying again in 0.2 s (X-RateLimit-Reset), 1 of 1\n');
  });

  it('else a back-off of our own', async () => {
    const result = await answered([failing(500, {}), fine], ['/flaky', '--retry', '1']);
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toMatch(/^500 Internal Server Error: trying again in 0(\.\d)? s, 1 of 1\n$/);
  });

  it('a wait that does not fit the deadline is not begun: the answer at hand is the result', async () => {
    const argv = ['/flaky', '--retry', '3', '--timeout', '10'];
    const startedAt = performance.now();
    const result = await answered([failing(429, { 'retry-after': '60' })], argv);
    expect(result).toMatchObject({ exitCode: 5, stdout: '{"reason":"busy"}', calls: 1 });
    expect(result.stderr).toMatch(
      /^429 Too Many Requests: not tried again: Retry-After is 60 s away, and --timeout leaves \d+(\.\d)? s\n/,
    );
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });

  it('nor one of more than a day, which no timer of Node can wait for', async () => {
    const result = await answered([failing(503, { 'retry-after': '99999999' })], ['/flaky', '--retry', '3']);
    expect(result).toMatchObject({ exitCode: 5, calls: 1 });
    expect(result.stderr).toContain('more than a day');
  });

  it('Ctrl-C ends a wait at once', async () => {
    environment.rest.at('/flaky', (request, response) =>
      failing(503, { 'retry-after': '600' })(request, response),
    );
    const running = environment.start(['request', '/flaky', '--retry', '3', ...ACCOUNT]);
    await running.says(/trying again in 10 min/);
    running.interrupt();
    expect(await running.finished).toMatchObject({ exitCode: 130, stdout: '' });
  });

  it('--quiet says nothing of it', async () => {
    const result = await answered([failing(503), fine], ['/flaky', '--retry', '1', '--quiet']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('lost connections', () => {
  /** In front of the sandbox: drops the first connections that carry a proxied call. */
  async function unsteady(drops: number) {
    const { port } = new URL(environment.sandbox.env.SCALEKIT_ENV_URL);
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      const upstream = connect(Number(port), '127.0.0.1');
      for (const each of [socket, upstream]) sockets.add(each.on('error', () => {}));
      socket.on('data', (chunk) => {
        if (drops > 0 && chunk.includes('/proxy/')) {
          drops -= 1;
          socket.resetAndDestroy();
          upstream.destroy();
        } else upstream.write(chunk);
      });
      upstream.pipe(socket);
      socket.once('close', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return { SCALEKIT_ENV_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
  const argv = ['request', '/flaky', '--no-preflight', ...ACCOUNT, '--retry', '2'];

  it('are tried again', async () => {
    environment.rest.at('/flaky', fine);
    const result = await environment.run(argv, { env: await unsteady(2) });
    expect(result).toMatchObject({ exitCode: 0, stdout: '{"ok":true}' });
    expect(result.stderr).toMatch(/the connection was reset: trying again in .* s, 1 of 2\n/);
  });

  it('and told with how often, when that does not help', async () => {
    const result = await environment.run([...argv, '--json'], { env: await unsteady(99) });
    expect(result).toMatchObject({ exitCode: 6, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'unreachable' });
    expect(result.error().message).toMatch(/\(tried 3 times\)$/);
  });
});

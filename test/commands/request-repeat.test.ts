import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folders, type RunOptions } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import type { Answer } from './support/http.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const ACCOUNT = ['-c', 'rest', '-i', 'user_1'];
const LATENCIES = {
  first: expect.any(Number),
  min: expect.any(Number),
  median: expect.any(Number),
  p95: expect.any(Number),
  p99: expect.any(Number),
  max: expect.any(Number),
};

/** Each call is answered by the next, and from the last on by that. */
async function repeated(answers: readonly Answer[], argv: readonly string[], options?: RunOptions) {
  const { rest } = environment;
  let next = 0;
  rest.at('/calls', (request, response) =>
    answers[Math.min(next++, answers.length - 1)]?.(request, response),
  );
  rest.received.length = 0;
  const result = await environment.run(['request', '/calls', ...argv, ...ACCOUNT], options);
  return { ...result, calls: rest.received.length };
}

const answering =
  (status: number, body = '{"ok":true}', headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };

describe('the summary', () => {
  it('as a document', async () => {
    const answers = [
      answering(200),
      answering(429, '{}', { 'retry-after': '30' }),
      answering(204, ''),
      answering(200),
    ];
    const result = await repeated(answers, [
      '--repeat',
      '20',
      '--concurrency',
      '4',
      '--json',
      '--no-check-status',
    ]);
    expect(result).toMatchObject({ exitCode: 0, calls: 20, stderr: '' });
    expect(result.json()).toEqual({
      repeat: {
        count: 20,
        concurrency: 4,
        durationMs: expect.any(Number),
        callsPerSecond: expect.any(Number),
        latencyMs: LATENCIES,
        byStatus: [
          { status: 200, count: 18, latencyMs: LATENCIES },
          { status: 204, count: 1, latencyMs: LATENCIES },
          { status: 429, count: 1, latencyMs: LATENCIES },
        ],
        failures: [],
        rateLimited: { count: 1, retryAfter: ['30'] },
      },
    });
  });

  it('is filtered by --jq', async () => {
    const argv = ['--repeat', '3', '--json', '--jq', '.repeat.byStatus[0].count'];
    expect(await repeated([answering(200)], argv)).toMatchObject({ exitCode: 0, stdout: '3\n' });
  });

  it('tab-separated in a pipe, its end on stderr', async () => {
    const result = await repeated([answering(200)], ['--repeat', '5']);
    expect(result.exitCode).toBe(0);
    const rows = result.stdout
      .trimEnd()
      .split('\n')
      .map((row) => row.split('\t'));
    expect(rows.map(([status, count, ...latencies]) => [status, count, latencies.length])).toEqual([
      ['200', '5', 6],
      ['total', '5', 6],
    ]);
    for (const value of rows.flatMap((row) => row.slice(2))) expect(value).toMatch(/^\d+\.\d$/);
    expect(result.stderr).toMatch(/^5 calls in ([\d.]+ s|\d+ ms), [\d.,]+ a second, 1 at a time\.\n$/);
  });

  it('a table on a terminal', async () => {
    const limited = answering(429, '{}', { 'retry-after': '1' });
    const argv = ['--repeat', '3', '--no-check-status', '--no-color'];
    const result = await repeated([limited, answering(429), answering(200)], argv, { terminal: ['stdout'] });
    expect(result.stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3).join('|'))).toEqual([
      'STATUS|CALLS|FIRST MS',
      expect.stringMatching(/^200\|1\|/),
      expect.stringMatching(/^429\|2\|/),
      expect.stringMatching(/^total\|3\|/),
      '',
    ]);
    expect(result.stderr).toContain('Rate limited: 2; Retry-After: 1.\n');
  });

  it('the same call every time', async () => {
    await writeFile(join(folders.cwd, 'body.json'), '{"a":1}');
    for (const data of ['{"a":1}', '@body.json', '-']) {
      const argv = ['-X', 'POST', '-d', data, '--repeat', '4', '--quiet'];
      const result = await repeated([answering(201)], argv, data === '-' ? { stdin: '{"a":1}' } : {});
      expect(result).toMatchObject({ exitCode: 0, calls: 4, stderr: '' });
      for (const { method, body } of environment.rest.received) {
        expect([method, body.toString()]).toEqual(['POST', '{"a":1}']);
      }
    }
  });

  it('1,000 calls, 8 at a time', async () => {
    const body = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id })));
    const result = await repeated(
      [answering(200, body)],
      ['--repeat', '1000', '--concurrency', '8', '--json'],
    );
    expect(result).toMatchObject({ exitCode: 0, calls: 1_000, stderr: '' });
    expect(result.json()).toMatchObject({
      repeat: { count: 1_000, byStatus: [{ status: 200, count: 1_000 }] },
    });
  });
});

describe('what it ends with', () => {
  it('a status of 400 and above: 5, with the first', async () => {
    const result = await repeated(
      [answering(200), answering(503), answering(500), answering(200)],
      ['--repeat', '9', '--json'],
    );
    expect(result.exitCode).toBe(5);
    expect(result.json()).toMatchObject({ repeat: { count: 9 } });
    expect(result.error()).toMatchObject({ code: 'provider_error', httpStatus: 503 });
    expect(result.error().message).toMatch(/^2 of 9 calls failed; the first: the provider answered 503/);
  });

  it.each([['--no-check-status'], ['--expect-status', '503']])('%s %s: 0', async (...flags) => {
    const argv = ['--repeat', '2', ...flags.filter((flag) => flag !== undefined)];
    expect(await repeated([answering(503)], argv)).toMatchObject({ exitCode: 0 });
  });

  it('what was expected and did not come: 1, with how many and the first', async () => {
    const argv = ['--repeat', '5', '--expect', '.ok', '--json'];
    const result = await repeated([answering(200), answering(200, '{"ok":false}'), answering(200)], argv);
    expect(result.exitCode).toBe(1);
    expect(result.error().message).toMatch(/^1 of 5 calls failed: not as expected: --expect/);
    expect(result.error().hint).toBe('Leave --repeat out to see what is answered.');
  });

  it('--fail-on: 5', async () => {
    const argv = ['--repeat', '3', '--fail-on', '.ok == false', '--json'];
    const result = await repeated([answering(200, '{"ok":false}'), answering(200)], argv);
    expect(result.exitCode).toBe(5);
    expect(result.error().message).toMatch(/^1 of 3 calls failed/);
  });

  it('answers that break off: 6, counted by their code', async () => {
    const breaking: Answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('begun');
      setImmediate(() => response.destroy());
    };
    const result = await repeated(
      [answering(200), breaking, breaking, answering(200)],
      ['--repeat', '6', '--json'],
    );
    expect(result.exitCode).toBe(6);
    expect(result.json()).toMatchObject({
      repeat: {
        count: 6,
        byStatus: [{ status: 200, count: 4 }],
        failures: [{ code: 'broken_response', count: 2 }],
      },
    });
    expect(result.error().message).toMatch(/^2 of 6 calls failed; the first: the answer broke off/);
  });

  it('Ctrl-C: what was done is summed up, then 130', async () => {
    let calls = 0;
    environment.rest.at('/calls', (request, response) => {
      if (++calls <= 3) answering(200)(request, response);
    });
    const running = environment.start(['request', '/calls', '--repeat', '50', '--json', ...ACCOUNT]);
    await vi.waitFor(() => expect(calls).toBe(4), { timeout: 10_000 });
    running.interrupt();
    const result = await running.finished;
    expect(result.exitCode).toBe(130);
    expect(result.json()).toMatchObject({ repeat: { count: 3, byStatus: [{ status: 200, count: 3 }] } });
  });

  it('the deadline: what was done is summed up, then 6', async () => {
    let calls = 0;
    environment.rest.at('/calls', (request, response) => {
      if (++calls <= 3) answering(200)(request, response);
    });
    const argv = ['request', '/calls', '--repeat', '50', '--timeout', '2', ...ACCOUNT];
    const result = await environment.run(argv);
    expect(result.exitCode).toBe(6);
    expect(result.stdout).toMatch(/^200\t[123]\t/);
    expect(result.stderr).toMatch(/[123] of 50 calls in/);
  });

  it('an account that Scalekit refuses: 4', async () => {
    const argv = [
      'request',
      '/calls',
      '-c',
      'rest',
      '-i',
      'expired',
      '--repeat',
      '3',
      '--no-preflight',
      '--json',
    ];
    const result = await environment.run(argv);
    expect(result.exitCode).toBe(4);
    expect(result.json()).toMatchObject({ repeat: { count: 3 } });
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatOutputs, jqResults } from '../../src/json/jq.ts';
import { runJq } from './run-jq.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('takes a few MB in its stride', async () => {
  const items = Array.from({ length: 100_000 }, (_, id) => `{"id":${id},"name":"Stra\u00dfe ${id}"}`);
  const json = `[${items.join(',')}]`;
  expect(await runJq('length', json)).toBe('100000\n');
  expect(await runJq('.', json, { isCompact: true })).toBe(`${json}\n`);
});

it('gives what came before a failure, too', async () => {
  const { outputs, failure } = await jqResults('.[] | tonumber', '["1","2","x"]');
  expect(formatOutputs(outputs)).toBe('1\n2\n');
  expect(failure).toMatchObject({ code: 'jq_failed' });
});

it('gives what debug says, which is no failure', async () => {
  expect(await jqResults('debug', '1')).toEqual({
    outputs: ['1'],
    failure: undefined,
    messages: '["DEBUG:",1]',
  });
});

it('leaves the exit code of the process alone', async () => {
  const { exitCode } = process;
  await jqResults('halt_error(9)', '1');
  expect(process.exitCode ?? 0).toBe(exitCode ?? 0);
});

describe('an expression that', () => {
  it.each(['def f: f; f', '[limit(3; repeat(1))] | until(false; .)', 'repeat(1) | empty'])(
    'does not end is ended: %s',
    async (expression) => {
      const { failure } = await jqResults(expression, 'null', { mostMs: 199.5 });
      expect(failure?.message).toMatch(/ failed: it was not done after 0\.1995 s$/);
      expect(await runJq('.', '1')).toBe('1\n');
    },
  );

  it('takes too much memory fails', async () => {
    // What WebAssembly says when it gives up.
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { failure } = await jqResults('[range(1e9)]', 'null');
    expect(failure?.message).toMatch(/ failed: it takes more than the 256 MiB of memory that jq has here$/);
    expect(await runJq('.', '1')).toBe('1\n');
  });
});

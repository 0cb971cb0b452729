import { afterEach, describe, expect, it, vi } from 'vitest';
import { everyService, json } from './answers.ts';
import { clientOf, everyCall, reads } from './client.ts';
import { scriptedServer } from './scripted-server.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('renewal', () => {
  const START = Date.UTC(2030, 0, 1);

  async function atTimes(lifetimeS: number | undefined, secondsLater: number[]): Promise<number[]> {
    vi.useFakeTimers({ toFake: ['Date'], now: START });
    const server = await scriptedServer({ ...everyService, tokenLifetimeS: lifetimeS });
    const client = clientOf(server.origin);
    const signIns: number[] = [];
    for (const [index, seconds] of secondsLater.entries()) {
      vi.setSystemTime(START + seconds * 1000);
      await everyCall[index % everyCall.length]?.[1](client);
      signIns.push(server.count('oauth/token'));
    }
    return signIns;
  }

  it.each([
    { lifetimeS: 3600, later: [0, 3539, 3541, 3541 + 3539], signIns: [1, 1, 2, 2] },
    { lifetimeS: 100, later: [0, 89, 91, 91 + 89, 91 + 91], signIns: [1, 1, 2, 2, 3] },
    { lifetimeS: 10, later: [0, 8.9, 9.1, 100], signIns: [1, 1, 2, 3] },
    { lifetimeS: 0, later: [0, 0, 0], signIns: [1, 2, 3] },
    { lifetimeS: -5, later: [0, 0], signIns: [1, 2] },
  ])('of a token good for $lifetimeS s comes before its expiry', async ({ lifetimeS, later, signIns }) => {
    expect(await atTimes(lifetimeS, later)).toEqual(signIns);
  });

  it('is done by one of several calls at once', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START });
    const server = await scriptedServer({ ...everyService, tokenLifetimeS: 100 });
    const client = clientOf(server.origin);
    await reads.ListTools(client);
    vi.setSystemTime(START + 95_000);
    await Promise.all(everyCall.map(([, call]) => call(client)));
    expect(server.count('oauth/token')).toBe(2);
  });

  it('uses a token whose lifetime was not told for one call only', async () => {
    const server = await scriptedServer(everyService);
    server.accepted.add('t');
    server.script.token = json(200, { access_token: 't', token_type: 'Bearer' });
    const client = clientOf(server.origin);
    await reads.ListTools(client);
    await reads.ListTools(client);
    expect(server.kinds()).toEqual(['oauth/token', 'ListTools', 'oauth/token', 'ListTools']);
  });
});

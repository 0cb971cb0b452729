import { describe, expect, it } from 'vitest';
import { everyService } from './answers.ts';
import { type Client, clientOf, executeTool, failureOf, get, reads } from './client.ts';
import { scriptedServer } from './scripted-server.ts';

describe('nobody listening', () => {
  const calls: [name: string, call: (client: Client) => Promise<unknown>][] = [
    ['gRPC', reads.ListTools],
    ['the proxy', (client) => client.request(get('/me'))],
    ['a tool', executeTool],
  ];
  const unreachable = {
    kind: 'unreachable',
    code: 'unreachable',
    message: expect.stringContaining('connection refused') as unknown,
  };

  async function closedPort(): Promise<string> {
    const server = await scriptedServer();
    await server.close();
    return server.origin;
  }

  it.each(calls)('is told by the sign-in at once: %s', async (_, call) => {
    const client = clientOf(await closedPort());
    const startedAt = performance.now();
    expect(await failureOf(call(client))).toMatchObject(unreachable);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(client.events.filter(({ phase }) => phase === 'sent')).toHaveLength(1);
  });

  it.each(calls)('is told after one attempt, signed in or not: %s', async (_, call) => {
    const server = await scriptedServer(everyService);
    const client = clientOf(server.origin);
    await reads.ListTools(client);
    const seen = client.events.length;
    await server.close();
    // The first call finds the old connection closed, and the second a port that refuses.
    await call(client).catch(() => {});
    client.events.splice(seen);
    const startedAt = performance.now();
    expect(await failureOf(call(client))).toMatchObject(unreachable);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(client.events.slice(seen).filter(({ phase }) => phase === 'sent')).toHaveLength(1);
  });

  it.each(calls)('under a name that does not resolve is told after one attempt: %s', async (_, call) => {
    const client = clientOf('http://nowhere.invalid');
    expect(await failureOf(call(client))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('its name does not resolve') as unknown,
    });
    expect(client.events.filter(({ phase }) => phase === 'sent')).toHaveLength(1);
  });

  it('under a name that no longer resolves is told after one gRPC attempt', async () => {
    const server = await scriptedServer(everyService);
    const client = clientOf('http://nowhere.invalid', {
      tokenCache: {
        read: async () => ({ accessToken: 'cached', renewAt: Date.now() + 600_000 }),
        write: async () => {},
        drop: async () => {},
      },
    });
    expect(await failureOf(reads.ListTools(client))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('its name does not resolve') as unknown,
    });
    expect(client.events.map(({ protocol, phase }) => `${protocol} ${phase}`)).toEqual([
      'grpc sent',
      'grpc failed',
    ]);
    expect(server.attempts).toEqual([]);
  });
});

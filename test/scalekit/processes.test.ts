import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { json } from './answers.ts';
import { buildChild, startChild } from './child.ts';
import type { CacheOrder, RunOrder } from './children/order.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type Script,
  type ScriptedServer,
  scriptedServer,
} from './scripted-server.ts';

let run: Awaited<ReturnType<typeof buildChild>>;
let writeCache: Awaited<ReturnType<typeof buildChild>>;
let cacheFolder = '';

beforeAll(async () => {
  [run, writeCache] = await Promise.all([
    buildChild(new URL('./children/run.ts', import.meta.url)),
    buildChild(new URL('./children/write-cache.ts', import.meta.url)),
  ]);
});

afterAll(async () => {
  await Promise.all([run.remove(), writeCache.remove()]);
});

beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'sk-connect-test-'));
});

afterEach(() => rm(cacheFolder, { recursive: true, force: true }));

const answering: Script = { tools: { listTools: () => ({}) } };

function environmentOf({ origin }: ScriptedServer) {
  return { envUrl: origin, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
}

function start(order: RunOrder, env: NodeJS.ProcessEnv = {}) {
  return startChild(run.path, order, env);
}

describe('a process', () => {
  it('ends by itself after its calls', async () => {
    const server = await scriptedServer(answering);
    const { output } = start({ environment: environmentOf(server), calls: ['list', 'proxy'] });
    expect(JSON.parse(await output)).toEqual(['listed', '200']);
    expect(server.count('oauth/token')).toBe(1);
  });

  it('ends by itself when what was in flight is aborted', async () => {
    let onAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      onAsked = resolve;
    });
    let waiting = 2;
    const silence = () => {
      if (--waiting === 0) onAsked();
    };
    const server = await scriptedServer({ proxy: silence, gateway: silence });
    const child = start({ environment: environmentOf(server), calls: ['list', 'proxy'] });
    await asked;
    child.process.send('stop');
    const stopped = 'SkConnectError: stopped by the parent';
    expect(JSON.parse(await child.output)).toEqual([stopped, stopped]);
  });

  it.each([200, 500])('ends by itself when it reads a part of an endless body (%i)', async (status) => {
    const server = await scriptedServer({
      proxy: (response) => {
        response.writeHead(status, { 'content-type': 'application/json' }).write('x'.repeat(200_000));
      },
    });
    const { output } = start({ environment: environmentOf(server), calls: ['proxy, one chunk'] });
    expect(JSON.parse(await output)).toEqual([String(status)]);
  });

  it('goes to loopback itself, whatever proxy its environment names', async () => {
    const [server, httpProxy] = await Promise.all([
      scriptedServer(answering),
      scriptedServer({ token: json(200, { access_token: 'stolen', expires_in: 60 }) }),
    ]);
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
    const env = {
      ...Object.fromEntries(names.map((name) => [name, httpProxy.origin])),
      NO_PROXY: '',
      no_proxy: '',
    };
    const { output } = start({ environment: environmentOf(server), calls: ['proxy', 'list'] }, env);
    expect(JSON.parse(await output)).toEqual(['200', 'listed']);
    expect(httpProxy.attempts).toEqual([]);
  });
});

describe('two processes', () => {
  it('write the token cache at once, and neither ever reads a part', async () => {
    const environment = { envUrl: 'http://127.0.0.1:1', clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
    const orders = ['one', 'two'].map(
      (name): CacheOrder => ({ environment, cacheFolder, name, rounds: 400 }),
    );
    const children = orders.map((order) => startChild(writeCache.path, order).output);
    const writers = { areDone: false };
    const done = Promise.all(children).finally(() => {
      writers.areDone = true;
    });
    let looks = 0;
    while (!writers.areDone) {
      const [name] = (await readdir(join(cacheFolder, 'tokens')).catch(() => [])).filter((each) =>
        each.endsWith('.json'),
      );
      if (name !== undefined) {
        const text = await readFile(join(cacheFolder, 'tokens', name), 'utf8');
        expect(JSON.parse(text)).toMatchObject({
          accessToken: expect.stringMatching(/^(one|two)-x*$/) as unknown,
        });
        looks++;
      }
      await new Promise(setImmediate);
    }
    expect(await done).toEqual(['0', '0']);
    expect(looks).toBeGreaterThan(10);
    expect(await readdir(join(cacheFolder, 'tokens'))).toHaveLength(1);
  });

  it('that start at once both work, and leave one token for the next', async () => {
    const server = await scriptedServer(answering);
    const order: RunOrder = { environment: environmentOf(server), cacheFolder, calls: ['list', 'proxy'] };
    const outputs = await Promise.all([start(order).output, start(order).output]);
    expect(outputs.map((output) => JSON.parse(output) as unknown)).toEqual([
      ['listed', '200'],
      ['listed', '200'],
    ]);
    const signIns = server.count('oauth/token');
    expect(await start(order).output).toBe('["listed","200"]');
    expect(server.count('oauth/token')).toBe(signIns);
    expect(await readdir(join(cacheFolder, 'tokens'))).toHaveLength(1);
  });
});

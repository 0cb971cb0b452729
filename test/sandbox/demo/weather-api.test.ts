import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DemoServer } from '../../../src/sandbox/demo/http-server.ts';
import { startWeatherApi } from '../../../src/sandbox/demo/weather-api.ts';

const key = 'wk_the-right-one';
let api: DemoServer;

function get(path: string, headers: Record<string, string> = { 'x-api-key': key }): Promise<Response> {
  return fetch(new URL(path, api.origin), { headers });
}

beforeAll(async () => {
  api = await startWeatherApi(key);
});

afterAll(() => api.close());

it('forecasts the same weather each time', async () => {
  const first: unknown = await (await get('/v1/forecast?city=Lisbon')).json();
  const second: unknown = await (await get('/v1/forecast?city=Lisbon')).json();
  expect(first).toMatchObject({ city: 'Lisbon', days: [{ day: 0 }, { day: 1 }, { day: 2 }] });
  expect(second).toEqual(first);
});

it('forecasts as many days as wanted, differing by city', async () => {
  const lisbon = (await (await get('/v1/forecast?city=Lisbon&days=7')).json()) as { days: unknown[] };
  const oslo = (await (await get('/v1/forecast?city=Oslo&days=7')).json()) as { days: unknown[] };
  expect(lisbon.days).toHaveLength(7);
  expect(oslo.days).not.toEqual(lisbon.days);
});

it.each([
  ['none', {}],
  ['a wrong one', { 'x-api-key': 'wk_the-wrong-one' }],
  ['a part of it', { 'x-api-key': key.slice(0, -1) }],
  ['it as a Bearer token', { authorization: `Bearer ${key}` }],
])('refuses a request whose key is %s', async (_, headers) => {
  const response = await get('/v1/forecast?city=Lisbon', headers);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
});

it.each([['/v1/forecast'], ['/v1/forecast?city='], ['/v1/forecast?city=Oslo&days=8']])(
  'refuses %s',
  async (path) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  },
);

it('answers other paths with 404 and other methods with 405', async () => {
  expect((await get('/v1/storms')).status).toBe(404);
  const response = await fetch(new URL('/v1/forecast?city=Oslo', api.origin), {
    method: 'POST',
    headers: { 'x-api-key': key },
  });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET');
});

import { type CryptoKey, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthorizationServer } from '../../../src/sandbox/demo/authorization-server.ts';
import type { TokenRules } from '../../../src/sandbox/demo/bearer-auth.ts';
import type { DemoServer } from '../../../src/sandbox/demo/http-server.ts';
import { NOTES_AUDIENCE, startNotesApi } from '../../../src/sandbox/demo/notes-api.ts';
import { type Callback, DemoClient, startCallback, startNotesAuthorization } from './flow.ts';

interface NotesPage {
  notes: { id: string; title: string }[];
  next_cursor: string | null;
}

let authorization: AuthorizationServer;
let api: DemoServer;
let callback: Callback;
let ada: string;

async function tokenFor(userName: string, scope = 'notes:read notes:write'): Promise<string> {
  const tokens = await new DemoClient(authorization, callback).authorize({ scope }, { userName });
  return tokens.access_token;
}

function call(path: string, token: string | undefined, init: RequestInit = {}): Promise<Response> {
  const authorize = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { ...authorize, ...(init.headers as Record<string, string> | undefined) };
  return fetch(new URL(path, api.origin), { ...init, headers });
}

function post(body: string, token = ada, type = 'application/json'): Promise<Response> {
  return call('/v1/notes', token, { method: 'POST', body, headers: { 'content-type': type } });
}

beforeAll(async () => {
  authorization = await startNotesAuthorization();
  api = await startNotesApi({ ...authorization, audience: NOTES_AUDIENCE });
  callback = await startCallback();
  ada = await tokenFor('ada');
});

afterAll(async () => {
  await api.close();
  await authorization.close();
  await callback.close();
});

describe('notes', () => {
  it('pages through all of them by Link', async () => {
    const token = await tokenFor('pager');
    const titles: string[] = [];
    const sizes: number[] = [];
    let next: string | undefined = '/v1/notes?limit=2';
    while (next !== undefined) {
      const response = await call(next, token);
      const page = (await response.json()) as NotesPage;
      titles.push(...page.notes.map((note) => note.title));
      sizes.push(page.notes.length);
      next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
      expect(next === undefined).toBe(page.next_cursor === null);
    }
    expect(titles).toEqual(['Welcome', 'Shopping list', 'Stand-up', 'Reading', 'Idea']);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('has no next page where the notes end with the page', async () => {
    const response = await call('/v1/notes?limit=5', await tokenFor('five'));
    expect(((await response.json()) as NotesPage).notes).toHaveLength(5);
    expect(response.headers.get('link')).toBeNull();
  });

  it('creates, reads and deletes', async () => {
    const created = await post('{"title":" Milk ","text":"two"}');
    const location = created.headers.get('location') ?? '';
    expect(created.status).toBe(201);
    expect(await created.json()).toMatchObject({ title: 'Milk', text: 'two' });
    const read = await call(location, ada);
    expect(await read.json()).toMatchObject({ title: 'Milk' });
    expect((await call(location, ada, { method: 'DELETE' })).status).toBe(204);
    expect((await call(location, ada)).status).toBe(404);
    expect((await call(location, ada, { method: 'DELETE' })).status).toBe(404);
  });

  it('gives nobody the notes of somebody else', async () => {
    const created = (await (await post('{"title":"Secret"}')).json()) as { id: string };
    const bob = await tokenFor('bob');
    expect((await call(`/v1/notes/${created.id}`, bob)).status).toBe(404);
    expect((await call(`/v1/notes/${created.id}`, await tokenFor('ada'))).status).toBe(200);
  });

  it.each([
    ['/v1/notes/note_99', {}, 404],
    ['/v1/elsewhere', {}, 404],
    ['/v1/notes?limit=0', {}, 400],
    ['/v1/notes?limit=101', {}, 400],
    ['/v1/notes?limit=many', {}, 400],
    ['/v1/notes?cursor=bm9uc2Vuc2U', {}, 400],
    ['/v1/notes', { method: 'PATCH' }, 405],
    ['/v1/notes/note_1', { method: 'PUT' }, 405],
  ])('answers %s %j with a problem %i', async (path, init, status) => {
    const response = await call(path, ada, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, detail: expect.any(String) });
  });

  it.each([
    ['broken JSON', '{"title"', 400],
    ['an empty title', '{"title":"  "}', 422],
    ['no title', '{"text":"no title"}', 422],
    ['an unknown member', '{"title":"x","colour":"red"}', 422],
    ['an array', '[]', 422],
    ['70,000 bytes', JSON.stringify({ title: 'x', text: 'y'.repeat(70_000) }), 413],
  ])('refuses %s', async (_, body, status) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status });
  });

  it('says where a note is not valid', async () => {
    const response = await post('{"title":""}');
    expect(await response.json()).toMatchObject({ errors: [{ pointer: '/title' }] });
  });

  it('refuses a form', async () => {
    expect((await post('title=x', ada, 'application/x-www-form-urlencoded')).status).toBe(415);
  });

  it('takes a body that is sent in chunks', async () => {
    const body = new Blob(['{"title":', '"Chunked"}']).stream();
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } };
    expect((await call('/v1/notes', ada, init as RequestInit)).status).toBe(201);
  });
});

describe('tokens', () => {
  it('asks for one where there is none, without an error code', async () => {
    const response = await call('/v1/notes', undefined);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="demo-notes"');
  });

  it('refuses a token of another start of the server', async () => {
    const other = await startNotesAuthorization();
    const tokens = await new DemoClient(other, callback).authorize();
    await other.close();
    await expectInvalid(tokens.access_token);
  });

  it('refuses a token by another key that claims to be of this issuer', async () => {
    await expectInvalid(await forged((await generateKeyPair('ES256')).privateKey));
  });

  it("refuses a token by the server's own key ID and another key", async () => {
    const jwks = (await (await fetch(authorization.jwksUri)).json()) as { keys: { kid: string }[] };
    await expectInvalid(await forged((await generateKeyPair('ES256')).privateKey, jwks.keys[0]?.kid));
  });

  it.each([['none.at.all'], ['e30.e30.'], ['opaque']])('refuses %s', async (token) => {
    await expectInvalid(token);
  });

  it('refuses an ID token, even as its audience', async () => {
    const tokens = await new DemoClient(authorization, callback).authorize({ scope: 'openid notes:read' });
    const rules = { ...authorization, audience: authorization.clientId };
    expect((await askApi(rules, tokens.id_token ?? '')).status).toBe(401);
  });

  it('refuses a token for another audience', async () => {
    const rules = { ...authorization, audience: 'https://other.example/' };
    expect((await askApi(rules, ada)).status).toBe(401);
  });

  it('refuses a token of another issuer with the same keys', async () => {
    const rules = { ...authorization, issuer: 'https://other.example', audience: NOTES_AUDIENCE };
    expect((await askApi(rules, ada)).status).toBe(401);
  });

  it('accepts no token while it cannot get the keys', async () => {
    const rules = { ...authorization, jwksUri: 'http://127.0.0.1:1/', audience: NOTES_AUDIENCE };
    const response = await askApi(rules, ada);
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('refuses an expired token and accepts its refreshed successor', async () => {
    const brief = await startNotesAuthorization(1);
    const notes = await startNotesApi({ ...brief, audience: NOTES_AUDIENCE });
    const client = new DemoClient(brief, callback);
    const tokens = await client.authorize();
    const get = (token: string) =>
      fetch(`${notes.origin}/v1/notes`, { headers: { authorization: `Bearer ${token}` } });
    expect((await get(tokens.access_token)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const refused = await get(tokens.access_token);
    expect(refused.headers.get('www-authenticate')).toContain('error_description="The access token expired"');
    const refreshed = await client.refresh(tokens.refresh_token ?? '');
    expect((await get(refreshed.access_token)).status).toBe(200);
    await notes.close();
    await brief.close();
  });

  it('refuses what the scope does not cover', async () => {
    const reader = await tokenFor('reader', 'notes:read');
    expect((await call('/v1/notes', reader)).status).toBe(200);
    const response = await post('{"title":"x"}', reader);
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="demo-notes", error="insufficient_scope", scope="notes:write"',
    );
  });

  async function askApi(rules: TokenRules, token: string): Promise<Response> {
    const other = await startNotesApi(rules);
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${other.origin}/v1/notes`, { headers });
    await other.close();
    return response;
  }

  async function forged(key: CryptoKey, kid?: string): Promise<string> {
    return new SignJWT({ scope: 'notes:read', client_id: authorization.clientId })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...(kid !== undefined && { kid }) })
      .setIssuer(authorization.issuer)
      .setAudience(NOTES_AUDIENCE)
      .setSubject('ada')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(key);
  }

  async function expectInvalid(token: string): Promise<void> {
    const response = await call('/v1/notes', token);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await response.json()).toMatchObject({ status: 401, title: 'Unauthorized' });
  }
});

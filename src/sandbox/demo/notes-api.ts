import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { bearerAuth, type TokenRules } from './bearer-auth.ts';
import { type DemoEnv, type DemoServer, listenerOf, startHttpServer } from './http-server.ts';
import { createNotebook, type Notebook } from './notes-store.ts';
import { createProblemApp, onlyMethods, problem } from './problem.ts';
import { readBody } from './request-body.ts';

/** The API's identifier, which the tokens' `aud` has to be; it names the API and is not its address. */
export const NOTES_AUDIENCE = 'https://notes.sk-connect.example/';

export const NOTES_SCOPES = ['notes:read', 'notes:write'];

const NOTE_LIMIT_BYTES = 64 * 1024;

const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).optional(),
});

const newNote = z.strictObject({
  title: z.string().trim().min(1).max(200),
  text: z.string().max(10_000).default(''),
});

function issues(error: z.ZodError): { errors: { pointer: string; detail: string }[] } {
  return {
    errors: error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, detail: message })),
  };
}

function listNotes(c: Context, notebook: Notebook, origin: string): Response {
  const query = listQuery.safeParse(c.req.query());
  if (!query.success) return problem(400, 'The query is not valid.', { members: issues(query.error) });
  const { limit, cursor } = query.data;
  const page = notebook.page(limit, cursor);
  if (!page) return problem(400, 'The cursor is not one that this API gave out.');
  if (page.nextCursor !== undefined) {
    const next = new URLSearchParams({ limit: String(limit), cursor: page.nextCursor });
    c.header('link', `<${origin}/v1/notes?${next.toString()}>; rel="next"`);
  }
  return c.json({ notes: page.notes, next_cursor: page.nextCursor ?? null });
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

async function createNote(c: Context, notebook: Notebook): Promise<Response> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    return problem(415, 'A note is sent as application/json.');
  }
  const text = await readBody(c.req.raw, NOTE_LIMIT_BYTES);
  if (text === undefined) return problem(413, `A note has up to ${NOTE_LIMIT_BYTES} bytes.`);
  const body = parseJson(text);
  if (!body) return problem(400, 'The body is not JSON.');
  const note = newNote.safeParse(body.value);
  if (!note.success) return problem(422, 'The note is not valid.', { members: issues(note.error) });
  const created = notebook.add(note.data);
  return c.json(created, 201, { location: `/v1/notes/${created.id}` });
}

function addRoutes(app: Hono<DemoEnv>, rules: TokenRules, origin: string): void {
  const notebooks = new Map<string, Notebook>();
  const notebookOf = (c: Context<DemoEnv>): Notebook => {
    const userName = c.get('userName');
    const notebook = notebooks.get(userName) ?? createNotebook();
    notebooks.set(userName, notebook);
    return notebook;
  };
  const missing = (id: string) => problem(404, `There is no note ${id}.`);
  const scope = bearerAuth(rules);
  const canRead = scope('notes:read');
  const canWrite = scope('notes:write');

  app.get('/v1/notes', canRead, (c) => listNotes(c, notebookOf(c), origin));
  app.post('/v1/notes', canWrite, (c) => createNote(c, notebookOf(c)));
  app.get('/v1/notes/:id', canRead, (c) => {
    const note = notebookOf(c).find(c.req.param('id'));
    return note ? c.json(note) : missing(c.req.param('id'));
  });
  app.delete('/v1/notes/:id', canWrite, (c) =>
    notebookOf(c).remove(c.req.param('id')) ? c.body(null, 204) : missing(c.req.param('id')),
  );
  app.all('/v1/notes', onlyMethods('GET', 'POST'));
  app.all('/v1/notes/:id', onlyMethods('GET', 'DELETE'));
}

/**
 * A REST API of notes, each user's own, that accepts only access tokens by `rules`. Errors are
 * `application/problem+json`.
 */
export function startNotesApi(rules: TokenRules): Promise<DemoServer> {
  return startHttpServer((origin) => {
    const app = createProblemApp();
    addRoutes(app, rules, origin);
    return listenerOf(app);
  });
}

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import type { TestEnvironment } from './environment.ts';
import type { Answer } from './http.ts';

/** Custom tools on the connection `rest`. */
export const SERVED_TOOLS = `tools:
  - name: find_notes
    description: Finds notes
    input_schema:
      type: object
      properties: { identifier: { type: string }, query: { type: string }, most: { type: integer, maximum: 9 } }
      required: [identifier, query]
    output_schema: { type: object, properties: { notes: { type: array } }, required: [notes] }
    request: { connection: rest, path: /notes, query: { q: "{{query}}" } }
    output: "{notes: .items}"
  - name: add_note
    input_schema: { type: object, properties: { title: { type: string } } }
    request: { connection: rest, path: /notes/new, body: { title: "{{title}}" } }
    fail_when: .ok == false
    error: '"Notes error: " + .error'
  - name: list_ids
    input_schema: { type: object }
    output_schema: { type: array }
    request: { connection: rest, path: /ids }
`;

export const json =
  (body: string, status = 200): Answer =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);

/** The server over HTTP, and the official client at it. */
export async function connectTo(environment: TestEnvironment, argv: readonly string[]) {
  const running = environment.start(['tools', 'serve', ...argv, '--http']);
  onTestFinished(async () => {
    running.interrupt();
    await running.finished;
  });
  const [, url = ''] = await running.says(/(http:\S+)\n/, 'stdout');
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  onTestFinished(() => client.close());
  const call = (name: string, input: Record<string, unknown> = {}) =>
    client.callTool({ name, arguments: input }) as Promise<CallToolResult>;
  return {
    client,
    url,
    call,
    finished: running.finished,
    interrupt: () => running.interrupt(),
    says: (pattern: RegExp) => running.says(pattern),
  };
}

/** A call that waits for its answer, and what becomes of it. */
export function neverAnswered(
  { rest }: TestEnvironment,
  path: string,
): { arrived: Promise<void>; hungUp: Promise<void> } {
  let arrive = () => {};
  let hangUp = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const hungUp = new Promise<void>((resolve) => {
    hangUp = resolve;
  });
  rest.at(path, (_request, response) => {
    arrive();
    response.on('close', hangUp);
  });
  return { arrived, hungUp };
}

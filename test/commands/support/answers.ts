import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Finished, Running, RunOptions } from '../run.ts';
import type { TestEnvironment } from './environment.ts';
import type { Received } from './http.ts';

export interface Given {
  body?: string | Uint8Array;
  type?: string;
  headers?: Record<string, string | string[]>;
  status?: number;
}

const USER = ['-c', 'rest', '-i', 'user_1'];

export const onTerminal: RunOptions = { terminal: ['stdout', 'stderr'] };

/** A provider that answers with these bytes, and what the command makes of them. */
export function answered(
  environment: TestEnvironment,
  { body = '', type, headers = {}, status = 200 }: Given,
  argv: readonly string[] = [],
  options?: RunOptions,
): Promise<Finished> {
  environment.rest.at('/thing', (_request, response) => {
    response.writeHead(status, { ...(type === undefined ? {} : { 'content-type': type }), ...headers });
    response.end(body);
  });
  return environment.run(['request', '/thing', ...USER, ...argv], options);
}

export interface Streaming extends Running {
  /** Sends more of the body; the test says when. */
  send: (part: string | Uint8Array) => void;
  end: () => void;
  /** The connection breaks. */
  breakOff: () => void;
  /** Resolves when the command has let go of the connection. */
  released: Promise<void>;
}

/** A provider that has sent the head of its answer, and sends of the body what the test tells it to. */
export async function streaming(
  environment: TestEnvironment,
  headers: Record<string, string>,
  argv: readonly string[] = [],
  options?: RunOptions,
): Promise<Streaming> {
  const begun = new Promise<{ response: ServerResponse; request: Received }>((resolve) => {
    environment.rest.at('/stream', (request, response) => {
      response.writeHead(200, headers);
      response.flushHeaders();
      resolve({ response, request });
    });
  });
  const running = environment.start(['request', '/stream', ...USER, ...argv], options);
  const { response } = await begun;
  onTestFinished(() => void response.destroy());
  return {
    ...running,
    send: (part) => void response.write(part),
    end: () => void response.end(),
    breakOff: () => void response.destroy(),
    released: new Promise((resolve) => response.once('close', resolve)),
  };
}

import type { Sandbox } from '../../../src/sandbox/start.ts';
import { accessToken } from '../support/sandbox.ts';

export interface RestReply {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the sandbox answered
  json: any;
}

/** Calls the REST API with a token of the environment. A body that is no text is sent as JSON. */
export async function restOf(sandbox: Sandbox) {
  const authorization = `Bearer ${await accessToken(sandbox)}`;
  return async (verb: string, path: string, body?: unknown, headers: object = {}): Promise<RestReply> => {
    const response = await fetch(sandbox.url + path, {
      method: verb,
      headers: { authorization, ...headers },
      ...(body !== undefined && {
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
    });
    return { status: response.status, headers: response.headers, json: await response.json() };
  };
}

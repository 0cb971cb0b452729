import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Contract } from '../../../src/contracts/contract.ts';
import type { ContractHost } from '../../../src/contracts/host.ts';
import { runContract } from '../../../src/contracts/run.ts';
import type { JsonObject } from '../../../src/json/object.ts';
import type { ProxyCall } from '../../../src/scalekit/proxy-input.ts';
import { type Answer, type Received, type RestApi, restApi } from '../../commands/support/http.ts';

export interface Served {
  rest: RestApi;
  host: ContractHost;
  /** The accounts that were asked about, each as `connection/identifier`. */
  asked: string[];
}

/** A provider, and a host that sends to it what a contract asks for. */
export async function served(answers: Readonly<Record<string, Answer>> = {}): Promise<Served> {
  const rest = await restApi();
  onTestFinished(() => rest.close());
  for (const [path, answer] of Object.entries(answers)) rest.at(path, answer);
  const asked: string[] = [];
  const host: ContractHost = {
    requireActive: async (connectionName, identifier) => {
      asked.push(`${connectionName}/${identifier}`);
    },
    send: (call) => send(rest.origin, call),
  };
  return { rest, host, asked };
}

async function send(origin: string, { method, path, headers = [], body }: ProxyCall) {
  if (body !== undefined && !(body instanceof Uint8Array)) throw new Error('a contract holds its body');
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    redirect: 'manual',
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  const { status, statusText } = response;
  return {
    status,
    statusText,
    headers: [...response.headers],
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** A contract of these parts, run once for user_1 on `rest`. */
export function runWith({ host }: Pick<Served, 'host'>, parts: Partial<Contract>, input: JsonObject = {}) {
  return runContract(contractOf(parts), input, { host, connectionName: 'rest', identifier: 'user_1' });
}

export function contractOf(parts: Partial<Contract>): Contract {
  return { name: 'tool', input_schema: { type: 'object' }, request: { path: '/thing' }, ...parts };
}

/** What one answer becomes. */
export async function outputFor(
  parts: Partial<Contract>,
  body: string | Uint8Array,
  {
    type = 'application/json',
    status = 200,
    headers = {},
  }: { type?: string | null; status?: number; headers?: Record<string, string> } = {},
) {
  const path = `/${randomUUID()}`;
  const provider = await served({
    [path]: (_request, response) => {
      response
        .writeHead(status, { ...(type === null ? {} : { 'content-type': type }), ...headers })
        .end(body);
    },
  });
  return runWith(provider, { request: { path }, ...parts });
}

export function lastRequest({ rest }: Served): Received | undefined {
  return rest.received.at(-1);
}

import addFormats from 'ajv-formats';
import { type Document, OpenAPIBackend, type Operation } from 'openapi-backend';
import { expect } from 'vitest';
import openapi from '../../../src/sandbox/control/openapi.json' with { type: 'json' };
import type { Sandbox } from '../../../src/sandbox/start.ts';

export interface ControlAnswer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- what it is was held against the OpenAPI file
  body: any;
}

interface Call {
  /** In the place of the path's `{…}`. */
  name?: string;
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface ControlApi {
  /** Calls an operation by its id; what was sent, where it is accepted, and what is answered fit the OpenAPI file. */
  call: (operationId: string, call?: Call) => Promise<ControlAnswer>;
  /** Ids of the operations that succeeded. */
  readonly succeeded: ReadonlySet<string>;
}

export const BASE = '/sandbox/v1';

export async function controlApi({ url, env }: Sandbox): Promise<ControlApi> {
  const file = new OpenAPIBackend({
    definition: structuredClone(openapi) as unknown as Document,
    // It would hold the file against OpenAPI 3.0.
    quick: true,
    ajvOpts: { strict: false },
    customizeAjv: (ajv) => addFormats.default(ajv),
  });
  await file.init();
  const succeeded = new Set<string>();

  async function call(operationId: string, { name = '', query = {}, body, headers = {} }: Call = {}) {
    const operation = file.router.getOperation(operationId);
    if (!operation) throw new Error(`the file has no ${operationId}`);
    const path = operation.path.replace(/\{\w+\}/, encodeURIComponent(name));
    const search = new URLSearchParams(query).toString();
    const response = await fetch(`${url}${BASE}${path}${search === '' ? '' : `?${search}`}`, {
      method: operation.method,
      headers: {
        authorization: `Bearer ${env.SK_CONNECT_SANDBOX_TOKEN}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
    checkAnswer(operation, answer);
    if (response.ok) {
      const request = { method: operation.method, path, headers: {}, query, body };
      expect(file.validator.validateRequest(request, operation).errors).toBeNull();
      succeeded.add(operationId);
    }
    return answer;
  }

  function checkAnswer(operation: Operation, { status, body }: { status: number; body: unknown }): void {
    expect(Object.keys(operation.responses ?? {}), operation.operationId).toContain(String(status));
    if (status === 204) expect(body).toBeUndefined();
    else expect(file.validator.validateResponse(body, operation, status).errors).toBeNull();
  }

  return { call, succeeded };
}

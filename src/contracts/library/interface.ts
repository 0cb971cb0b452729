import type { Contract } from '../contract.ts';

/** What `loadTools` uses of the `ScalekitClient` of @scalekit-sdk/node. */
export interface ToolsClient {
  actions: {
    request(params: {
      connectionName: string;
      identifier: string;
      path: string;
      method: string;
      headers: Record<string, string>;
      body?: unknown;
    }): Promise<ClientResponse>;
    listConnectedAccounts(params: {
      connectionNames: string[];
      identifier: string;
      pageSize: number;
      pageToken: string;
    }): Promise<{
      connectedAccounts: readonly { connector: string; identifier: string; status: number }[];
      nextPageToken: string;
    }>;
  };
}

/** Of an AxiosResponse. */
export interface ClientResponse {
  status: number;
  statusText: string;
  headers: object;
  /** Parsed where it is JSON. */
  data: unknown;
  config: { url?: string };
  request?: unknown;
}

/** A contract file that was parsed already. */
export interface ContractDocument {
  tools: readonly Contract[];
}

export interface LoadToolsOptions {
  /** The app's own. Tools of a module do not use it. */
  client: ToolsClient;
  /** Refuse an output that does not fit the tool's `output_schema`, as `tools exec --strict-output` does. */
  strictOutput?: boolean;
}

export interface CallOptions {
  /** The app's id of the user that the call is made for, from the session: never from the model. */
  identifier: string;
  /** For contracts that name no connection. */
  connectionName?: string;
  /** When it aborts the call rejects with its reason. What was sent by then is not taken back. */
  signal?: AbortSignal;
}

export interface Tools {
  names(): string[];
  /**
   * As an API takes them, the same as `tools list --format` prints. An input `identifier` is left out: the model has
   * no say in it, `call` fills it in.
   */
  definitions<Format extends keyof Definitions>(format: Format): Definitions[Format];
  /**
   * Calls a tool once, with what a model gave as its input: an object, or the JSON text of one. The input is held
   * against the schema, the account has to be ACTIVE; returns the output, parsed.
   * @throws ToolError for what a model may be told; the reason of `signal` where that aborted.
   */
  call(name: string, input: unknown, options: CallOptions): Promise<unknown>;
}

/** What `definitions` returns for each format. */
export interface Definitions {
  /** `tools` of the Messages API. */
  anthropic: { name: string; description?: string; input_schema: ObjectSchema }[];
  /** `tools` of Chat Completions. */
  openai: {
    type: 'function';
    function: { name: string; description?: string; parameters: ObjectSchema };
  }[];
  /** `tools` of the Responses API. */
  'openai-responses': {
    type: 'function';
    name: string;
    description?: string;
    parameters: ObjectSchema;
    strict: boolean;
  }[];
  /** The result of `tools/list`. */
  mcp: {
    tools: {
      name: string;
      description?: string;
      inputSchema: ObjectSchema;
      outputSchema?: ObjectSchema;
      annotations?: { readOnlyHint: boolean };
    }[];
  };
  /** By name; `inputSchema` goes through the AI SDK's `jsonSchema()`. */
  'vercel-ai': Record<string, { description?: string; inputSchema: ObjectSchema }>;
  /** The schema of each input, by the tool's name. */
  'json-schema': Record<string, Record<string, unknown>>;
}

/** A JSON Schema of an object. */
export interface ObjectSchema {
  type: 'object';
  properties?: Record<string, object>;
  required?: string[];
  [keyword: string]: unknown;
}

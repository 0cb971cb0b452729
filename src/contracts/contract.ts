import type { JsonObject } from '../json/object.ts';

/**
 * A custom tool as its file describes it: what a model is told, the proxied call that serves it, and what becomes
 * of the answer. The names are the file's; `tools.schema.json` beside this is the same for editors.
 */
export interface Contract {
  name: string;
  description?: string;
  /** A JSON Schema of an object. */
  input_schema: JsonObject;
  output_schema?: JsonObject;
  request: ContractRequest;
  /** `true` follows `Link: rel="next"`. */
  pages?: ContractPages | boolean;
  /** jq over the answer (with `pages` over the list of all items); without it the answer itself. */
  output?: string;
  /** jq; anything but null and false is a tool error. With `pages` each page is asked. */
  fail_when?: string;
  /** jq; the message of that error. */
  error?: string;
  read_only?: boolean;
  scopes?: string[];
  examples?: Example[];
}

/** Texts in here may hold `{{input}}`; see template.ts. */
export interface ContractRequest {
  /** The Connection name; without it the caller's. */
  connection?: string;
  /** Without it the caller's. */
  identifier?: string;
  /** Without it GET, or POST where there is a body. */
  method?: string;
  /** Under the connector's `proxy_url`. */
  path: string;
  /** A list repeats its key. */
  query?: Record<string, unknown>;
  headers?: Record<string, string | number | boolean>;
  /** Sent as JSON; a text as it is. */
  body?: unknown;
}

/** As the options of `request --paginate`. */
export interface ContractPages {
  next?: string;
  page_param?: string;
  page_size_param?: string;
  items?: string;
  max_pages?: number;
  max_items?: number;
  base_url?: string;
}

export interface Example {
  input: JsonObject;
  description?: string;
}

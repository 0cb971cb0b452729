/** What `request` takes beside the global options, as commander hands it over. */
export interface RequestOptions extends CallOptions, AnswerOptions, PageOptions, Expectations {
  /** False after `--no-preflight`. */
  preflight?: boolean;
  /** Show the request, send nothing. */
  dryRun?: boolean;
  /** Print the program that does the same, send nothing. */
  code?: 'typescript' | 'python' | 'curl';
  /** How often a call is sent again. */
  retry?: number;
  /** Also with methods that are not idempotent. */
  retryAll?: boolean;
  /** How often the call is made, for a summary instead of the answer. */
  repeat?: number;
  concurrency?: number;
}

/** What is sent. */
export interface CallOptions {
  /** `-X`; the other way to say it is the first word. */
  method?: string;
  /** `name=value` for a `{name}` in the path. */
  path?: string[];
  /** `k=v`, or `k` alone. */
  query?: string[];
  /** `K: V`. */
  header?: string[];
  /** Text, `@file`, or `-` for stdin. */
  data?: string;
  /** `-f` and `-F` in the order they were given, which matters for `a[][b]=…`. */
  field?: Field[];
  /** `k=v`, or `k=@file;type=…;filename=…`. */
  form?: string[];
  /** `k=v`. */
  urlencoded?: string[];
  /** A file with a GraphQL document, or `-` for stdin. */
  graphql?: string;
}

export interface Field {
  /** `k=v`, `a[b]=v`, `a[]=v`. */
  text: string;
  /** From `-F`: `true`, `false`, `null` and numbers are those, `@file` is read. */
  isTyped: boolean;
}

/** How the answer is shown and what becomes of it. */
export interface AnswerOptions {
  include?: boolean;
  /** The status line and the headers alone. */
  head?: boolean;
  /** As it came, on a terminal too. */
  raw?: boolean;
  /** Laid out, in a pipe too. */
  pretty?: boolean;
  /** A file, or `-` for stdout whatever it is. */
  output?: string;
  /** Go on with what an earlier download left. */
  continue?: boolean;
  /** False after `--no-check-status`: a status of 400 and above is no error. */
  checkStatus?: boolean;
  /** A jq expression that tells an answer which is an error. */
  failOn?: string;
}

export interface PageOptions {
  paginate?: boolean;
  /** jq on the body: the next cursor, path or URL. */
  next?: string;
  /** The query parameter (with `--graphql` the variable) that takes the cursor, or counts the pages. */
  pageParam?: string;
  /** `NAME` or `NAME=SIZE`. */
  pageSizeParam?: string;
  /** jq on the body: the list, or its items. */
  items?: string;
  /** One JSON value a line. */
  stream?: boolean;
  maxPages?: number;
  maxItems?: number;
  /** The connector's `proxy_url`, to map absolute links back to paths. */
  baseUrl?: string;
}

export interface Expectations {
  /** `200,2xx`. */
  expectStatus?: string;
  /** jq expressions that must give true. */
  expect?: string[];
  /** `K: V`, or `K` alone. */
  expectHeader?: string[];
  /** The name of a file with a JSON Schema. */
  expectSchema?: string;
  /** In milliseconds. */
  maxDuration?: number;
}

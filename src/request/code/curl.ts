import { basename } from 'node:path';
import { type ProgramBody, type ProgramFile, type ProgramPart, sourcesOf } from './body.ts';
import type { Literal } from './literal.ts';
import type { Program } from './program.ts';
import { shellQuote } from './quote.ts';
import { Variable } from './variables.ts';

/** A word of the shell, some of it from variables. */
type Pieces = readonly (string | Variable)[];

// Which is curl's own for the fields of a form.
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A program for a POSIX shell that makes the call with curl, 7.76 or later, against Scalekit's proxy. */
export function curlProgram(program: Program): string {
  // A here-document can be read by name, which the stdin of a program cannot always be: it may be a socket.
  const [source, redirection] = sourcesOf(program.body).includes('-') ? ['/dev/fd/3', '3<<'] : ['-', '<<'];
  return `#!/bin/sh
# Takes SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET from the environment.
set -eu

connection_name=${shellQuote(program.connectionName)}
identifier=${shellQuote(program.identifier)}

# Other users of the machine can see arguments: the secret and the token stay out of them.
answer=$(
  printf %s "$SCALEKIT_CLIENT_SECRET" |
    curl --silent --show-error --fail "\${SCALEKIT_ENV_URL%/}/oauth/token" \\
      --data grant_type=client_credentials \\
      --data-urlencode "client_id=$SCALEKIT_CLIENT_ID" \\
      --data-urlencode client_secret@-
)
token=$(printf %s "$answer" | sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')

curl ${[...curlOptions(program), `--header @${source}`].map((option) => `${option} \\\n  `).join('')}${urlOf(program)} ${redirection}HEADERS
${['Authorization: Bearer $token', ...secretHeaders(program)].join('\n')}
HEADERS
`;
}

/** As a here-document has them. */
function secretHeaders({ headers }: Program): string[] {
  return headers.flatMap(([name, value]) =>
    value instanceof Variable ? [`${name.replace(/[$`\\]/g, '\\$&')}: $${value.name}`] : [],
  );
}

function curlOptions(program: Program): string[] {
  const { method, headers, contentType, body, path } = program;
  return [
    '--silent --show-error --fail-with-body --compressed',
    ...methodOptions(method, body),
    // curl would take brackets for a range of URLs.
    ...(/[[\]{}]/.test(path) ? ['--globoff'] : []),
    '--header "connection_name: $connection_name"',
    '--header "identifier: $identifier"',
    ...headers.flatMap(([name, value]) => (value instanceof Variable ? [] : [headerOption(name, value)])),
    ...(contentType === undefined || (body?.kind === 'form' && contentType === FORM_TYPE)
      ? []
      : [headerOption('content-type', contentType)]),
    ...queryOptions(program),
    ...(body === undefined ? [] : bodyOptions(body)),
  ];
}

function methodOptions(method: string, body: ProgramBody | undefined): string[] {
  if (method === 'HEAD') return ['--head'];
  return method === 'GET' && body === undefined ? [] : [`--request ${shellQuote(method)}`];
}

function headerOption(name: string, value: string): string {
  return `--header ${shellQuote(value === '' ? `${name};` : `${name}: ${value}`)}`;
}

/** curl encodes the parameters, unless there is a body: then `--get` would make that the query. */
function queryOptions({ parameters, body }: Program): string[] {
  if (parameters.size === 0) return [];
  if (body === undefined) {
    return ['--get', ...[...parameters].map(([name, value]) => `--data-urlencode ${field(name, value)}`)];
  }
  return [...parameters].flatMap(([name, value]) =>
    value instanceof Variable ? [`--url-query ${field(name, value)}`] : [],
  );
}

function field(name: string, value: string | number | Variable): string {
  return word([`${encodeURIComponent(name)}=`, value instanceof Variable ? value : String(value)]);
}

function urlOf({ path, parameters, body }: Program): string {
  const pairs = [...parameters].flatMap(([name, value]) =>
    body === undefined || value instanceof Variable
      ? []
      : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  const query = pairs.length === 0 ? '' : `${path.includes('?') ? '&' : '?'}${pairs.join('&')}`;
  const proxy = '${SCALEKIT_ENV_URL%/}/proxy';
  const target = path + query;
  return /["$`\\!]/.test(target) ? `"${proxy}"${shellQuote(target)}` : `"${proxy}${target}"`;
}

function bodyOptions(body: ProgramBody): string[] {
  switch (body.kind) {
    case 'json':
      return [`--data-raw ${jsonWord(body)}`];
    case 'form':
      return body.fields.map(([name, value]) => `--data-urlencode ${field(name, value)}`);
    case 'text':
      return [`--data-raw ${shellQuote(body.text)}`];
    case 'source':
      return [`--data-binary ${shellQuote(`@${body.source}`)}`];
    default:
      return body.parts.map(formOption);
  }
}

function formOption(part: ProgramPart): string {
  if ('text' in part) return `--form-string ${word([`${part.name}=`, part.text])}`;
  return `--form ${shellQuote(`${part.name}=@${fileSpecification(part.file)}`)}`;
}

function fileSpecification({ source, filename, type }: ProgramFile): string {
  const name = filename === basename(source) ? '' : `;filename=${formQuote(filename)}`;
  return `${formQuote(source)};type=${type}${name}`;
}

/** Where curl would see the end of a name, it takes one in quotes. */
function formQuote(name: string): string {
  return /[;,"\\\s]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name;
}

/** As it was typed, but for what variables hold. */
function jsonWord({ value, text }: { value: Literal; text: string }): string {
  const pieces = jsonPieces(value);
  return pieces.some((piece) => piece instanceof Variable) ? word(pieces) : shellQuote(text);
}

/** What the variables hold stands in JSON strings, and has to be escaped as those are. */
function jsonPieces(value: Literal): Pieces {
  if (value instanceof Variable) return ['"', value, '"'];
  if (value instanceof Map) {
    const entries = [...value].map(([name, each]) => [`${JSON.stringify(name)}: `, ...jsonPieces(each)]);
    return ['{', ...separated(entries), '}'];
  }
  if (Array.isArray(value)) return ['[', ...separated(value.map(jsonPieces)), ']'];
  return [JSON.stringify(value)];
}

function separated(entries: readonly Pieces[]): Pieces {
  return entries.flatMap((entry, index) => (index === 0 ? entry : [', ', ...entry]));
}

function word(pieces: Pieces): string {
  const merged: (string | Variable)[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') merged.splice(-1, 1, last + piece);
    else merged.push(piece);
  }
  return merged.map((piece) => (typeof piece === 'string' ? shellQuote(piece) : `"$${piece.name}"`)).join('');
}
